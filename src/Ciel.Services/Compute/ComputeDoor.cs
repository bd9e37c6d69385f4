using Ciel.Core.Http;

namespace Ciel.Services.Compute;

/// <summary>Nova's API as this service speaks it: 2.1 to 2.93.</summary>
internal static class ComputeDoor
{
    public const string Root = "/v2.1";

    public static ServiceDoor Door { get; } = new(
        "compute", "/compute", FaultBodies.Nova, new Microversions("compute", 2, 1, 93, "X-OpenStack-Nova-API-Version"))
    {
        Lenient = true,
    };
}
