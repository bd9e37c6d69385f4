using Ciel.Core.Errors;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>A set of subnet pools whose ranges do not overlap.</summary>
internal sealed record AddressScope : Resource
{
    public int IpVersion { get; init; }

    public bool Shared { get; init; }
}

/// <summary>The SQL of address scopes.</summary>
internal static class AddressScopeStore
{
    public static readonly Table Table = new("network_address_scope", "ip_version");

    public static Task<AddressScope?> FindVisible(Reader reader, Actor actor, string id) => reader.First<AddressScope>(
        $"SELECT c.* FROM network_address_scope c WHERE c.id = @id AND ({(actor.IsAdmin ? "1 = 1" : $"c.project_id = @me OR {Sharing.Exists("c.id")}")})",
        new { id, me = actor.ProjectId ?? "-" });

    public static async Task<bool> InUse(Reader reader, string id) =>
        await reader.Scalar<string>("SELECT id FROM network_subnetpool WHERE address_scope_id = @id LIMIT 1", new { id }) is not null;

    public static Fault NotFound(string id) => Fault.NotFound($"Address scope {id} could not be found.", "AddressScopeNotFound");
}
