using Ciel.Core.Ledger;
using Ciel.Services.ObjectStorage.Door;

namespace Ciel.Services.ObjectStorage.Metering;

/// <summary>What is counted of requests. They are priced as Amazon S3 prices them: what writes or lists, all else, and what removes, which is free.</summary>
internal static class Meters
{
    /// <summary>In the order in which they are counted; an earlier order is still read, because files name their meters.</summary>
    public static IReadOnlyList<UsageMeter> All { get; } =
    [
        new("object.class-a-requests", "request"),
        new("object.class-b-requests", "request"),
        new("object.free-requests", "request"),
        new("object.egress", "B"),
        new("object.ingress", "B"),
    ];

    /// <summary>A request's class: 0, 1 or 2, as in <see cref="All"/>.</summary>
    public static int ClassOf(Operation? operation) => operation switch
    {
        null => 1,
        { Method: "DELETE" } or { Name: "DeleteObjects" } => 2,
        { Method: "PUT" or "POST" } => 0,
        _ => operation.Name.StartsWith("List", StringComparison.Ordinal) ? 0 : 1,
    };
}
