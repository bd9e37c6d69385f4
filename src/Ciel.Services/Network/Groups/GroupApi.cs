using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>/v2.0/security-groups.</summary>
internal sealed class GroupApi(Db db, Ids ids, GroupBook groups) : ResourceApi<Group>(db, ids, GroupView.Groups, GroupStore.Table)
{
    public override bool Taggable => true;

    protected override string From => "network_group g";

    protected override string Alias => "g";

    protected override string Select => $"g.*, {Sharing.Column("g.id")} AS shared";

    public override Fault NotFound(string id) => Faults.GroupNotFound(id);

    protected override void Visible(ListQuery query, Actor actor) => query.Where(GroupStore.Visible);

    protected override Task Load(Reader reader, List<Group> rows) => GroupStore.LoadRules(reader, rows);

    // Every project has its default group, though nothing has needed it yet.
    protected override async Task BeforeList(Actor actor, CancellationToken cancel)
    {
        if (actor.ProjectId is { } project && actor.Has(Roles.Reader) && await Db.Read(r => GroupStore.Default(r, project), cancel) is null)
        {
            await Db.Write(tx => groups.Default(tx, project), cancel);
        }
    }

    protected override async Task<string> Create(Tx tx, Actor actor, Input input)
    {
        var group = input.Common(new Group
        {
            Id = Ids.Uuid(),
            ProjectId = OwnerOf(actor, input),
            Stateful = Stateful(input),
        });
        input.Done();
        if (group.Name.Equals(GroupBook.DefaultName, StringComparison.OrdinalIgnoreCase))
        {
            await groups.Default(tx, group.ProjectId);
            throw Fault.Conflict("Default security group already exists.", "SecurityGroupDefaultAlreadyExists");
        }

        await groups.Create(tx, group);
        return group.Id;
    }

    protected override async Task Update(Tx tx, Actor actor, Group row, Input input)
    {
        input.ReadOnly("id", "project_id", "tenant_id", "security_group_rules", "shared");
        var next = input.Common(row) with { Stateful = Stateful(input) };
        input.Done();
        if (next.Name != row.Name && (row.IsDefault || next.Name.Equals(GroupBook.DefaultName, StringComparison.OrdinalIgnoreCase)))
        {
            throw row.IsDefault
                ? Fault.Conflict("Updating default security group not allowed.", "SecurityGroupCannotUpdateDefault")
                : Fault.Conflict("Default security group already exists.", "SecurityGroupDefaultAlreadyExists");
        }

        await Table.Update(tx, next);
    }

    protected override Task Delete(Tx tx, Actor actor, Group row) => row.IsDefault && !actor.IsAdmin
        ? throw Fault.Conflict("Insufficient rights for removing default security group.", "SecurityGroupCannotRemoveDefault")
        : groups.Delete(tx, row);

    // Nodes track every connection; a group that does not want that would not get what it asks for.
    private static bool Stateful(Input input) => input.Flag("stateful", true) ? true : throw Faults.InvalidInput("stateless security groups are not available");
}
