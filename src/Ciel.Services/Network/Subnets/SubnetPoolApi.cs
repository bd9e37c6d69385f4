using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>/v2.0/subnetpools.</summary>
internal sealed class SubnetPoolApi(Db db, Ids ids) : ResourceApi<SubnetPool>(db, ids, SubnetPoolStore.View, SubnetPoolStore.Table)
{
    private const int MostPrefixes = 200;

    public override bool Taggable => true;

    protected override string From => "network_subnetpool q";

    protected override string Alias => "q";

    protected override string Select => $"q.*, {Sharing.Column("q.id")} AS shared";

    public override Fault NotFound(string id) => SubnetPoolStore.NotFound(id);

    protected override void Visible(ListQuery query, Actor actor) => query.Where($"q.project_id = @me OR {Sharing.Exists("q.id")}");

    protected override async Task<string> Create(Tx tx, Actor actor, Input input)
    {
        var prefixes = Prefixes(input) ?? throw Fault.BadRequest("Failed to parse request. Required attribute 'prefixes' not specified");
        if (prefixes.Count == 0 || prefixes.Select(p => p.Version).Distinct().Count() > 1)
        {
            throw Fault.BadRequest("Cannot mix IPv4 and IPv6 prefixes in a subnet pool, nor make one of none.", "PrefixVersionMismatch");
        }

        var version = prefixes[0].Version;
        var pool = Read(input, actor, new SubnetPool
        {
            Id = Ids.Uuid(),
            ProjectId = OwnerOf(actor, input),
            IpVersion = version,
            Prefixes = Text(prefixes),
            MinPrefix = version == 4 ? 8 : 64,
            MaxPrefix = version == 4 ? 32 : 128,
            Counted = true,
        }, "create_subnetpool");
        var shared = NetworkInput.Shared(input, actor, "create_subnetpool") ?? false;
        input.Done();
        await Check(tx, actor, pool);
        await NetworkQuota.Take(tx, pool.ProjectId, NetworkQuota.SubnetPool);
        await Table.Insert(tx, pool);
        await Sharing.SetWithAll(tx, Ids.Uuid(), pool, "subnetpool", shared);
        return pool.Id;
    }

    protected override async Task Update(Tx tx, Actor actor, SubnetPool row, Input input)
    {
        input.ReadOnly("id", "ip_version", "project_id", "tenant_id", "shared");
        var next = Read(input, actor, row, "update_subnetpool");
        var prefixes = Prefixes(input);
        input.Done();
        if (prefixes is not null)
        {
            next = next with { Prefixes = Text(prefixes) };
            if (SubnetPoolRules.Prefixes(row).Any(old => !SubnetPoolRules.Prefixes(next).Any(p => p.Contains(old))))
            {
                throw Fault.BadRequest("Illegal subnetpool update : Existing prefixes must be a subset of the new prefixes.", "IllegalSubnetPoolPrefixUpdate");
            }
        }

        await Check(tx, actor, next);
        await Table.Update(tx, next);
    }

    protected override async Task Delete(Tx tx, Actor actor, SubnetPool row)
    {
        if ((await SubnetPoolStore.Subnets(tx, row.Id)).Count > 0)
        {
            throw Fault.Conflict("Unable to delete subnet pool: Subnet pool has existing allocations.", "SubnetPoolDeleteError");
        }

        await Sharing.Forget(tx, row.Id);
        await Table.Delete(tx, row.Id);
        await NetworkQuota.Return(tx, row, NetworkQuota.SubnetPool);
    }

    private static SubnetPool Read(Input input, Actor actor, SubnetPool pool, string action)
    {
        var bits = pool.IpVersion == 4 ? 32 : 128;
        var next = input.Common(pool) with
        {
            MinPrefix = (int)(input.OptionalInteger("min_prefixlen", 0, bits) ?? pool.MinPrefix),
            MaxPrefix = (int)(input.OptionalInteger("max_prefixlen", 0, bits) ?? pool.MaxPrefix),
            DefaultQuota = input.Has("default_quota") ? input.OptionalInteger("default_quota", 0, long.MaxValue) : pool.DefaultQuota,
            IsDefault = input.HasForAdmin("is_default", actor, action) ? input.Flag("is_default", pool.IsDefault) : pool.IsDefault,
            AddressScopeId = input.Nullable("address_scope_id", pool.AddressScopeId),
        };
        var fallback = pool.DefaultPrefix == 0 ? next.MinPrefix : pool.DefaultPrefix;
        return next with { DefaultPrefix = (int)(input.OptionalInteger("default_prefixlen", 0, bits) ?? fallback) };
    }

    private static async Task Check(Tx tx, Actor actor, SubnetPool pool)
    {
        if (pool.MinPrefix > pool.MaxPrefix || pool.DefaultPrefix < pool.MinPrefix || pool.DefaultPrefix > pool.MaxPrefix)
        {
            throw Fault.BadRequest(
                $"Illegal prefix bounds: min_prefixlen={pool.MinPrefix}, default_prefixlen={pool.DefaultPrefix}, max_prefixlen={pool.MaxPrefix}.", "IllegalSubnetPoolPrefixBounds");
        }

        if (pool.IsDefault && await SubnetPoolStore.Default(tx, pool.IpVersion) is { } other && other.Id != pool.Id)
        {
            throw Faults.InvalidInput("A default subnetpool for this IP family has already been set. Only one default may exist per IP family");
        }

        if (pool.AddressScopeId is not { } scopeId)
        {
            return;
        }

        var scope = await AddressScopeStore.FindVisible(tx, actor, scopeId) ?? throw AddressScopeStore.NotFound(scopeId);
        await AddressScopeStore.Table.Lock(tx, scopeId);
        var own = SubnetPoolRules.Prefixes(pool);
        if (scope.IpVersion != pool.IpVersion || (await SubnetPoolStore.OfScope(tx, scopeId, pool.Id)).SelectMany(SubnetPoolRules.Prefixes).Any(o => own.Any(p => p.Overlaps(o))))
        {
            throw Fault.Conflict($"Failed to associate address scope: subnetpools within an address scope must have unique prefixes of its IP version.", "AddressScopePrefixConflict");
        }
    }

    private static IReadOnlyList<Cidr>? Prefixes(Input input) => input.NotNull("prefixes").OptionalStrings("prefixes", MostPrefixes, 64) is not { } list
        ? null
        : SubnetPoolRules.Compact(list.Select(text => Cidr.Parse(text) ?? throw input.Refuse("prefixes", text, $"'{text}' is not a valid IP subnet")));

    private static string Text(IReadOnlyList<Cidr> prefixes) => NetworkJson.Of([.. prefixes.Select(p => p.ToString())]);
}
