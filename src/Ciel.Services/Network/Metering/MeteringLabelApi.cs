using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>/v2.0/metering/metering-labels; only admins make them.</summary>
internal sealed class MeteringLabelApi(Db db, Ids ids) : ResourceApi<MeteringLabel>(db, ids, Shape, MeteringStore.Labels)
{
    private static readonly View<MeteringLabel> Shape = new("metering_label", "metering_labels",
    [
        Field.Text<MeteringLabel>("id", m => m.Id, "m.id"),
        Field.Text<MeteringLabel>("name", m => m.Name, "m.name"),
        Field.Text<MeteringLabel>("description", m => m.Description, "m.description"),
        Field.Text<MeteringLabel>("tenant_id", m => m.ProjectId, "m.project_id"),
        Field.Text<MeteringLabel>("project_id", m => m.ProjectId, "m.project_id"),
        Field.Flag<MeteringLabel>("shared", m => m.Shared, "m.shared"),
    ]);

    public override string Path => "metering/metering-labels";

    protected override bool Updatable => false;

    protected override string From => "network_metering_label m";

    protected override string Alias => "m";

    public override Fault NotFound(string id) => Fault.NotFound($"Metering label {id} does not exist", "MeteringLabelNotFound");

    protected override void Visible(ListQuery query, Actor actor) => query.Where("m.project_id = @me OR m.shared = 1");

    protected override async Task<string> Create(Tx tx, Actor actor, Input input)
    {
        actor.RequireAdmin("rule:create_metering_label");
        var label = input.Common(new MeteringLabel { Id = Ids.Uuid(), ProjectId = OwnerOf(actor, input), Shared = input.Flag("shared", false) });
        input.Done();
        await Table.Insert(tx, label);
        return label.Id;
    }

    protected override async Task Delete(Tx tx, Actor actor, MeteringLabel row)
    {
        actor.RequireAdmin("rule:delete_metering_label");
        await MeteringStore.ForgetRules(tx, row.Id);
        await Table.Delete(tx, row.Id);
    }
}
