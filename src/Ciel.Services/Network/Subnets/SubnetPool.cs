using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>Ranges from which subnets are cut.</summary>
internal sealed record SubnetPool : Resource
{
    public int IpVersion { get; init; }

    /// <summary>A JSON list of CIDRs that do not overlap.</summary>
    public string Prefixes { get; init; } = "[]";

    public int MinPrefix { get; init; }

    public int MaxPrefix { get; init; }

    public int DefaultPrefix { get; init; }

    /// <summary>How many addresses (IPv4) or /64s (IPv6) one project may have of it; null for any number.</summary>
    public long? DefaultQuota { get; init; }

    public bool IsDefault { get; init; }

    public string? AddressScopeId { get; init; }

    public bool Shared { get; init; }
}

/// <summary>The SQL and the view of subnet pools (Networking API v2.0, "Subnet pools").</summary>
internal static class SubnetPoolStore
{
    public static readonly Table Table = new(
        "network_subnetpool",
        "ip_version",
        "prefixes",
        "min_prefix",
        "max_prefix",
        "default_prefix",
        "default_quota",
        "is_default",
        "address_scope_id");

    public static View<SubnetPool> View { get; } = new("subnetpool", "subnetpools",
    [
        Field.Text<SubnetPool>("id", p => p.Id, "q.id"),
        Field.Text<SubnetPool>("name", p => p.Name, "q.name"),
        Field.Text<SubnetPool>("tenant_id", p => p.ProjectId, "q.project_id"),
        Field.Json<SubnetPool>("prefixes", p => p.Prefixes),
        Field.Text<SubnetPool>("min_prefixlen", p => Text(p.MinPrefix), "q.min_prefix"),
        Field.Text<SubnetPool>("max_prefixlen", p => Text(p.MaxPrefix), "q.max_prefix"),
        Field.Text<SubnetPool>("default_prefixlen", p => Text(p.DefaultPrefix), "q.default_prefix"),
        Field.Text<SubnetPool>("address_scope_id", p => p.AddressScopeId, "COALESCE(q.address_scope_id, '')"),
        Field.Number<SubnetPool>("ip_version", p => p.IpVersion, "q.ip_version"),
        Field.Number<SubnetPool>("default_quota", p => p.DefaultQuota, "COALESCE(q.default_quota, -1)"),
        Field.Flag<SubnetPool>("is_default", p => p.IsDefault, "q.is_default"),
        Field.Flag<SubnetPool>("shared", p => p.Shared) with { Column = new Column(Sharing.Column("q.id"), ColumnType.Boolean) },
        Field.Text<SubnetPool>("description", p => p.Description, "q.description"),
        .. Field.Common<SubnetPool>("q"),
    ]);

    public static Task<SubnetPool?> FindVisible(Reader reader, Actor actor, string id) => reader.First<SubnetPool>(
        $"SELECT q.* FROM network_subnetpool q WHERE q.id = @id AND ({(actor.IsAdmin ? "1 = 1" : $"q.project_id = @me OR {Sharing.Exists("q.id")}")})",
        new { id, me = actor.ProjectId ?? "-" });

    public static Task<SubnetPool?> Default(Reader reader, int version) =>
        reader.First<SubnetPool>("SELECT * FROM network_subnetpool WHERE is_default = 1 AND ip_version = @version", new { version });

    /// <summary>What was cut from it.</summary>
    public static Task<List<Subnet>> Subnets(Reader reader, string id) =>
        reader.Query<Subnet>("SELECT * FROM network_subnet WHERE subnetpool_id = @id", new { id });

    /// <summary>The other pools of a scope.</summary>
    public static Task<List<SubnetPool>> OfScope(Reader reader, string scopeId, string except) =>
        reader.Query<SubnetPool>("SELECT * FROM network_subnetpool WHERE address_scope_id = @scopeId AND id <> @except", new { scopeId, except });

    public static Fault NotFound(string id) => Fault.NotFound($"Subnet pool {id} could not be found.", "SubnetPoolNotFound");

    // The real API answers these as strings.
    private static string Text(int prefix) => prefix.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
