using System.Text.Json;
using Ciel.Agent.Contract;
using Ciel.Services.Compute;

namespace Ciel.Tests.Compute;

/// <summary>Rows for tests of pure rules.</summary>
internal static class SampleServer
{
    public const long Now = 1_795_000_000_000_000;

    public static string Shape(string name = "m1.nano", int vcpus = 1, int memory = 128, int disk = 1) => JsonSerializer.Serialize(
        new Shape(name, vcpus, memory, disk, 0, 0, []), ComputeJson.Default.Shape);

    public static Server Building { get; } = new()
    {
        Id = "0194f2a0-0000-7000-8000-00000000abcd",
        ProjectId = "p",
        UserId = "u",
        Name = "web",
        HostName = "web",
        ImageId = "0194f2a0-0000-7000-8000-0000000000aa",
        BaseSha512 = "00",
        BaseFormat = "qcow2",
        FlavorId = "42",
        FlavorCopy = Shape(),
        Vcpus = 1,
        MemoryMib = 128,
        DiskGib = 1,
        Hints = "{\"sameHost\":[],\"differentHost\":[]}",
        CreatedAt = Now,
        UpdatedAt = Now,
    };

    public static Server Active { get; } = Building.PlacedOn("n1", "nova").Launched(Now);

    public static HostRow Host(string name, int vcpus = 4, int memory = 4096, int disk = 100) => new()
    {
        Number = 1,
        Id = "h-" + name,
        Facts = new NodeFacts(name, name, vcpus, memory, disk, "sim", "0", []),
        Up = true,
        Zone = "nova",
    };
}
