using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>/v2.0/metering/metering-label-rules; only admins make them.</summary>
internal sealed class MeteringRuleApi(Db db, Ids ids, MeteringLabelApi labels) : ResourceApi<MeteringRule>(db, ids, Shape, MeteringStore.Rules)
{
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

    public override Fault NotFound(string id) => Fault.NotFound($"Metering label rule {id} does not exist", "MeteringLabelRuleNotFound");

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
