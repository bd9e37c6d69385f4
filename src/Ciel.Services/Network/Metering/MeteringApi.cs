using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>/v2.0/metering/metering-labels; only admins make them.</summary>
internal sealed class MeteringLabelApi(Db db, Ids ids) : ResourceApi<MeteringLabel>(db, ids, Shape, LabelTable)
{
    public static readonly Table LabelTable = new("network_metering_label", "shared");

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

    public override Fault NotFound(string id) => MeteringFaults.Label(id);

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
        await tx.Execute("DELETE FROM network_metering_rule WHERE label_id = @Id", new { row.Id });
        await Table.Delete(tx, row.Id);
    }
}

/// <summary>/v2.0/metering/metering-label-rules; only admins make them.</summary>
internal sealed class MeteringRuleApi(Db db, Ids ids, MeteringLabelApi labels) : ResourceApi<MeteringRule>(db, ids, Shape, RuleTable)
{
    private static readonly Table RuleTable = new(
        "network_metering_rule", "label_id", "direction", "excluded", "remote_ip_prefix", "source_ip_prefix", "destination_ip_prefix");

    private static readonly View<MeteringRule> Shape = new("metering_label_rule", "metering_label_rules",
    [
        Field.Text<MeteringRule>("id", m => m.Id, "m.id"),
        Field.Text<MeteringRule>("tenant_id", m => m.ProjectId, "m.project_id"),
        Field.Text<MeteringRule>("project_id", m => m.ProjectId, "m.project_id"),
        Field.Text<MeteringRule>("direction", m => m.Direction, "m.direction"),
        Field.Flag<MeteringRule>("excluded", m => m.Excluded, "m.excluded"),
        Field.Text<MeteringRule>("metering_label_id", m => m.LabelId, "m.label_id"),
        Field.Text<MeteringRule>("remote_ip_prefix", m => m.RemoteIpPrefix, "COALESCE(m.remote_ip_prefix, '')"),
        Field.Text<MeteringRule>("source_ip_prefix", m => m.SourceIpPrefix, "COALESCE(m.source_ip_prefix, '')"),
        Field.Text<MeteringRule>("destination_ip_prefix", m => m.DestinationIpPrefix, "COALESCE(m.destination_ip_prefix, '')"),
    ]);

    public override string Path => "metering/metering-label-rules";

    protected override bool Updatable => false;

    protected override string From => "network_metering_rule m";

    protected override string Alias => "m";

    public override Fault NotFound(string id) => MeteringFaults.Rule(id);

    protected override async Task<string> Create(Tx tx, Actor actor, Input input)
    {
        actor.RequireAdmin("rule:create_metering_label_rule");
        var labelId = input.Id("metering_label_id");
        var rule = new MeteringRule
        {
            Id = Ids.Uuid(),
            ProjectId = OwnerOf(actor, input),
            LabelId = labelId,
            Direction = input.OptionalChoice("direction", GroupRule.Ingress, GroupRule.Egress) ?? GroupRule.Ingress,
            Excluded = input.Flag("excluded", false),
            RemoteIpPrefix = Prefix(input, "remote_ip_prefix"),
            SourceIpPrefix = Prefix(input, "source_ip_prefix"),
            DestinationIpPrefix = Prefix(input, "destination_ip_prefix"),
        };
        input.Done();
        if (rule is { RemoteIpPrefix: null, SourceIpPrefix: null, DestinationIpPrefix: null })
        {
            throw Fault.BadRequest("One of remote_ip_prefix, source_ip_prefix and destination_ip_prefix must be given.");
        }

        await labels.Hold(tx, actor, labelId);
        await Table.Insert(tx, rule);
        return rule.Id;
    }

    protected override async Task Delete(Tx tx, Actor actor, MeteringRule row)
    {
        actor.RequireAdmin("rule:delete_metering_label_rule");
        await Table.Delete(tx, row.Id);
    }

    private static string? Prefix(Input input, string name) => input.OptionalString(name, 0, 64) switch
    {
        null => null,
        var text => Cidr.Parse(text)?.ToString() ?? throw input.Refuse(name, text, $"'{text}' is not a valid IP subnet"),
    };
}

/// <summary>Faults of metering.</summary>
internal static class MeteringFaults
{
    public static Fault Label(string id) => Fault.NotFound($"Metering label {id} does not exist", "MeteringLabelNotFound");

    public static Fault Rule(string id) => Fault.NotFound($"Metering label rule {id} does not exist", "MeteringLabelRuleNotFound");
}
