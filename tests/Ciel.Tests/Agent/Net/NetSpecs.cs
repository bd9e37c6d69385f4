using Ciel.Agent.Contract;

namespace Ciel.Tests.Agent.Net;

/// <summary>Networks and ports to render.</summary>
internal static class NetSpecs
{
    public static string Id(int number) => $"01900000-0000-7000-8000-{number:x12}";

    public static PortSpec Port(int number, params RuleSpec[] rules) => new(
        Id(number),
        $"fa:16:3e:00:00:{number:x2}",
        [new FixedAddress("subnet-0000000001", $"10.0.0.{number}")],
        true,
        true,
        [],
        rules,
        $"vm{number}",
        new Dictionary<string, string>());

    public static SubnetSpec Subnet { get; } = new("subnet-0000000001", "10.0.0.0/24", "10.0.0.1", true, "10.0.0.2", [], []);

    public static NetworkSpec Network(params PortSpec[] ports) =>
        new(1450, [Subnet], ports, new Dictionary<string, IReadOnlyList<string>>(), null);

    public static Dictionary<string, int> Marks(NetworkSpec network) =>
        network.Ports.Select((port, index) => (port.Id, Mark: index + 1)).ToDictionary(mark => mark.Id, mark => mark.Mark);
}
