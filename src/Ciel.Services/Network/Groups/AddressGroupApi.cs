using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Events;
using Ciel.Core.Http;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>/v2.0/address-groups: named lists of ranges that rules may name.</summary>
internal sealed class AddressGroupApi(Db db, Ids ids, Wakes wakes) : ResourceApi<AddressGroup>(db, ids, AddressGroupStore.View, AddressGroupStore.Table)
{
    private const int MostAddresses = 500;

    public override void Map(Routes routes)
    {
        base.Map(routes);
        routes.Put("/v2.0/address-groups/{id}/add_addresses", call => Change(call, (now, more) => now.Union(more)));
        routes.Put("/v2.0/address-groups/{id}/remove_addresses", call => Change(call, (now, less) => now.Except(less)));
    }

    protected override string From => "network_address_group d";

    protected override string Alias => "d";

    protected override string Select => $"d.*, {Sharing.Column("d.id")} AS shared";

    public override Fault NotFound(string id) => AddressGroupStore.NotFound(id);

    protected override void Visible(ListQuery query, Actor actor) => query.Where($"d.project_id = @me OR {Sharing.Exists("d.id")}");

    protected override async Task<string> Create(Tx tx, Actor actor, Input input)
    {
        var group = input.Common(new AddressGroup { Id = Ids.Uuid(), ProjectId = OwnerOf(actor, input) });
        group = group with { Addresses = NetworkJson.Of(Addresses(input) ?? []) };
        input.Done();
        await Table.Insert(tx, group);
        return group.Id;
    }

    protected override async Task Update(Tx tx, Actor actor, AddressGroup row, Input input)
    {
        input.ReadOnly("id", "addresses", "project_id", "tenant_id");
        var next = input.Common(row);
        input.Done();
        await Table.Update(tx, next);
    }

    protected override async Task Delete(Tx tx, Actor actor, AddressGroup row)
    {
        if ((await AddressGroupStore.GroupsThatUse(tx, row.Id)).Count > 0)
        {
            throw Fault.Conflict($"Address group {row.Id} is in use on one or more security group rules.", "AddressGroupInUse");
        }

        await Sharing.Forget(tx, row.Id);
        await Table.Delete(tx, row.Id);
    }

    private async Task Change(Call call, Func<IEnumerable<string>, IEnumerable<string>, IEnumerable<string>> combine)
    {
        var body = await call.Body();
        var group = body.OptionalObject("address_group") ?? body;
        var given = Addresses(group) ?? [];
        var row = await Db.Write(
            async tx =>
            {
                var held = await Hold(tx, call.Actor, call.Route("id"));
                var next = combine(NetworkJson.Strings(held.Addresses), given).ToArray();
                if (next.Length > MostAddresses)
                {
                    throw Faults.InvalidInput($"an address group has at most {MostAddresses} addresses");
                }

                await Table.Update(tx, held with { Addresses = NetworkJson.Of(next) });
                await wakes.FollowersOf(tx, await AddressGroupStore.GroupsThatUse(tx, held.Id));
                await AuditLog.Note(tx, Ids.Uuid(), call.Actor, "update", "address_group", held.Id);
                return await Find(tx, call.Actor, held.Id) ?? throw NotFound(held.Id);
            },
            call.Cancel);
        await Answer(call, 200, row);
    }

    private static string[]? Addresses(Input input)
    {
        var list = input.NotNull("addresses").OptionalStrings("addresses", MostAddresses, 64);
        return list?.Select(text => (Cidr.Parse(text) ?? throw input.Refuse("addresses", text, $"'{text}' is not a valid IP subnet")).ToString()).Distinct().ToArray();
    }
}
