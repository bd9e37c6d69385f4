using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>The SQL of metering labels and rules.</summary>
internal static class MeteringStore
{
    public static readonly Table Labels = new("network_metering_label", "shared");

    public static readonly Table Rules = new(
        "network_metering_rule", "label_id", "direction", "excluded", "remote_ip_prefix", "source_ip_prefix", "destination_ip_prefix");

    public static Task ForgetRules(Tx tx, string labelId) => tx.Execute("DELETE FROM network_metering_rule WHERE label_id = @labelId", new { labelId });
}
