using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>A named list of ranges.</summary>
internal sealed record AddressGroup : Resource
{
    /// <summary>A JSON list of CIDRs.</summary>
    public string Addresses { get; init; } = "[]";

    public bool Shared { get; init; }
}

/// <summary>The SQL and the view of address groups (Networking API v2.0, "Address groups").</summary>
internal static class AddressGroupStore
{
    public static readonly Table Table = new("network_address_group", "addresses");

    public static View<AddressGroup> View { get; } = new("address_group", "address_groups",
    [
        Field.Text<AddressGroup>("id", a => a.Id, "d.id"),
        Field.Text<AddressGroup>("name", a => a.Name, "d.name"),
        Field.Text<AddressGroup>("description", a => a.Description, "d.description"),
        Field.Text<AddressGroup>("tenant_id", a => a.ProjectId, "d.project_id"),
        Field.Json<AddressGroup>("addresses", a => a.Addresses),
        Field.Flag<AddressGroup>("shared", a => a.Shared) with { Column = new Column(Sharing.Column("d.id"), ColumnType.Boolean) },
        .. Field.Common<AddressGroup>("d"),
    ]);

    public static Task<AddressGroup?> FindVisible(Reader reader, Actor actor, string id) => reader.First<AddressGroup>(
        $"SELECT d.* FROM network_address_group d WHERE d.id = @id AND ({(actor.IsAdmin ? "1 = 1" : $"d.project_id = @me OR {Sharing.Exists("d.id")}")})",
        new { id, me = actor.ProjectId ?? "-" });

    public static Task<List<string>> GroupsThatUse(Reader reader, string id) =>
        reader.Query<string>("SELECT DISTINCT group_id FROM network_group_rule WHERE remote_address_group_id = @id ORDER BY 1", new { id });

    public static Task<List<AddressGroup>> ByIds(Reader reader, IReadOnlyCollection<string> ids) =>
        reader.Query<AddressGroup>("SELECT * FROM network_address_group WHERE id IN @ids", new { ids });

    public static Fault NotFound(string id) => Fault.NotFound($"Address group {id} could not be found.", "AddressGroupNotFound");
}
