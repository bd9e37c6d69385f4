using Ciel.Agent.Contract;
using Ciel.Agent.Host;

namespace Ciel.Agent.Drivers.LinuxNet;

/// <summary>Tries in a namespace of its own what the driver stands on.</summary>
internal static class NetFeatures
{
    private static readonly (string Name, string Line, string Meaning)[] Links =
    [
        ("bridge", "link add name t0 type bridge", "networks are bridges"),
        ("veth", "link add name t1 type veth peer name t2", "routers and the host join networks by veth pairs"),
        ("tap", "tuntap add name t3 mode tap vnet_hdr", "machines join networks by taps"),
        ("vxlan", "link add name t4 type vxlan id 1 dstport 4789", "networks could span hosts; one node does without"),
    ];

    private static readonly (string Name, string Ruleset, string Meaning)[] Rules =
    [
        (
            "nft bridge",
            "table bridge t { chain c { type filter hook prerouting priority -300; meta mark set 1; }; }",
            "spoofed packets are dropped at the tap"),
        (
            "nft inet conntrack",
            "table inet t { chain c { type filter hook forward priority 0; ct state related accept; ct mark set 1; }; }",
            "security groups are stateful"),
        (
            "nft nat",
            "table ip t { chain c { type nat hook prerouting priority -100; dnat to ip daddr map { 192.0.2.1 : 192.0.2.2 }; }; }",
            "routers translate addresses"),
    ];

    private static readonly (string Name, string File, string Meaning)[] Parameters =
    [
        ("br_netfilter", "/proc/sys/net/bridge/bridge-nf-call-iptables", "security groups see bridged packets"),
        ("tcp_fwmark_accept", "/proc/sys/net/ipv4/tcp_fwmark_accept", "metadata knows its asker by the tap"),
    ];

    private static readonly (string Name, string Command, string Meaning)[] Programs =
    [
        ("dnsmasq", "dnsmasq", "guests get addresses and names"),
        ("conntrack", "conntrack", "an operator can list flows; security groups do without"),
    ];

    public static async Task<IReadOnlyList<NodeFeature>> Detect(string instance, CancellationToken cancel)
    {
        var ns = instance + "-probe";
        var features = new List<NodeFeature>();
        await Ip.Delete(ns, cancel);
        var made = await Command.Try("ip", ["netns", "add", ns], cancel);
        features.Add(Feature("network namespaces", made, "every network and router has one of its own"));
        if (made.ExitCode == 0)
        {
            foreach (var (name, line, meaning) in Links)
            {
                features.Add(Feature(name, await Command.Try("ip", ["-n", ns, "-batch", "-"], cancel, line + "\n"), meaning));
            }

            foreach (var (name, ruleset, meaning) in Rules)
            {
                var result = await Command.Try("ip", ["netns", "exec", ns, "nft", "-f", "-"], cancel, ruleset + "\n");
                features.Add(Feature(name, result, meaning));
            }

            await Ip.Delete(ns, cancel);
        }

        features.AddRange(Parameters.Select(parameter => new NodeFeature(parameter.Name, File.Exists(parameter.File), Sentence(
            File.Exists(parameter.File), parameter.Meaning, $"{parameter.File} is missing"))));
        foreach (var (name, command, meaning) in Programs)
        {
            features.Add(Feature(name, await Command.Try(command, ["--version"], cancel), meaning));
        }

        return features;
    }

    private static NodeFeature Feature(string name, CommandResult result, string meaning) =>
        new(name, result.ExitCode == 0, Sentence(result.ExitCode == 0, meaning, result.Error.Trim().ReplaceLineEndings(" ")));

    private static string Sentence(bool present, string meaning, string reason) =>
        present ? $"Present: {meaning}." : $"Missing ({reason}): without it not so that {meaning}.";
}
