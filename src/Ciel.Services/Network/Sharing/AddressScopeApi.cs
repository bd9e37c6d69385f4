using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>/v2.0/address-scopes.</summary>
internal sealed class AddressScopeApi(Db db, Ids ids) : ResourceApi<AddressScope>(db, ids, Shape, AddressScopeStore.Table)
{
    private static readonly View<AddressScope> Shape = new("address_scope", "address_scopes",
    [
        Field.Text<AddressScope>("id", s => s.Id, "c.id"),
        Field.Text<AddressScope>("name", s => s.Name, "c.name"),
        Field.Text<AddressScope>("tenant_id", s => s.ProjectId, "c.project_id"),
        Field.Text<AddressScope>("project_id", s => s.ProjectId, "c.project_id"),
        Field.Number<AddressScope>("ip_version", s => s.IpVersion, "c.ip_version"),
        Field.Flag<AddressScope>("shared", s => s.Shared) with { Column = new Column(Sharing.Column("c.id"), ColumnType.Boolean) },
    ]);

    protected override string From => "network_address_scope c";

    protected override string Alias => "c";

    protected override string Select => $"c.*, {Sharing.Column("c.id")} AS shared";

    public override Fault NotFound(string id) => AddressScopeStore.NotFound(id);

    protected override void Visible(ListQuery query, Actor actor) => query.Where($"c.project_id = @me OR {Sharing.Exists("c.id")}");

    protected override async Task<string> Create(Tx tx, Actor actor, Input input)
    {
        var scope = new AddressScope
        {
            Id = Ids.Uuid(),
            ProjectId = OwnerOf(actor, input),
            Name = input.Text("name", ""),
            IpVersion = SubnetInput.IpVersion(input),
        };
        var shared = NetworkInput.Shared(input, actor, "create_address_scope") ?? false;
        input.Done();
        await Table.Insert(tx, scope);
        await Sharing.SetWithAll(tx, Ids.Uuid(), scope, "address_scope", shared);
        return scope.Id;
    }

    protected override async Task Update(Tx tx, Actor actor, AddressScope row, Input input)
    {
        input.ReadOnly("id", "ip_version", "project_id", "tenant_id");
        var next = row with { Name = input.Text("name", row.Name) };
        var shared = NetworkInput.Shared(input, actor, "update_address_scope");
        input.Done();
        await Table.Update(tx, next);
        if (shared is { } wanted)
        {
            await Sharing.SetWithAll(tx, Ids.Uuid(), row, "address_scope", wanted);
        }
    }

    protected override async Task Delete(Tx tx, Actor actor, AddressScope row)
    {
        if (await AddressScopeStore.InUse(tx, row.Id))
        {
            throw Fault.Conflict($"Unable to complete operation on address scope {row.Id}. There are one or more subnet pools in use on the address scope.", "AddressScopeInUse");
        }

        await Sharing.Forget(tx, row.Id);
        await Table.Delete(tx, row.Id);
    }
}
