using Ciel.Core.Errors;
using Ciel.Core.Quota;
using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>The quotas of the network service: their names, their limits, and Neutron's word for a refusal.</summary>
internal static class NetworkQuota
{
    public const string Network = "network";
    public const string Subnet = "subnet";
    public const string SubnetPool = "subnetpool";
    public const string Port = "port";
    public const string Router = "router";
    public const string FloatingIp = "floatingip";
    public const string Rbac = "rbac_policy";
    public const string Group = "security_group";
    public const string GroupRule = "security_group_rule";

    /// <summary>Resource to the limit of a project that has no other; in the API's order.</summary>
    public static IReadOnlyList<(string Resource, long Limit)> BuiltIn { get; } =
    [
        (Network, 100), (Subnet, 100), (SubnetPool, -1), (Port, 500), (Router, 10), (FloatingIp, 50), (Rbac, 10), (Group, 10), (GroupRule, 100),
    ];

    public static long Limit(string resource) => BuiltIn.First(b => b.Resource == resource).Limit;

    /// <summary>The resource's name among all services' quotas.</summary>
    public static string Key(string resource) => "network." + resource;

    /// <exception cref="Fault">409 OverQuota.</exception>
    public static async Task Take(Tx tx, string projectId, string resource, long amount = 1)
    {
        if (!await TryTake(tx, projectId, resource, amount))
        {
            throw Fault.Conflict($"Quota exceeded for resources: ['{resource}'].", "OverQuota");
        }
    }

    /// <summary>For what the service makes by itself and must not fail for want of quota.</summary>
    /// <returns>Whether it was counted.</returns>
    public static async Task<bool> TryTake(Tx tx, string projectId, string resource, long amount = 1) =>
        await QuotaBook.Take(tx, projectId, Key(resource), amount, Limit(resource)) is null;

    /// <summary>Gives a row's share back, if it had one.</summary>
    public static Task Return(Tx tx, Resource row, string resource) =>
        row.Counted ? QuotaBook.Return(tx, row.ProjectId, Key(resource), 1) : Task.CompletedTask;
}
