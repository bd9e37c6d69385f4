using Microsoft.AspNetCore.Http;

namespace Ciel.Services.ObjectStorage;

/// <summary>The S3 door: it has its own listener, its own host names and its own errors, so it takes whole requests.</summary>
public interface IObjectDoor
{
    /// <summary>Answers one request.</summary>
    Task Serve(HttpContext http);
}

/// <summary>How the objects door is reached.</summary>
/// <param name="Bind">The address that it listens on.</param>
/// <param name="HostNames">Further names; buckets as host names stand below <c>s3.NAME</c>.</param>
public sealed record ObjectDoorOptions(string Bind, IReadOnlyList<string> HostNames)
{
    /// <summary>The only region, by the name that clients sign with when nobody tells them another.</summary>
    public const string Region = "us-east-1";

    /// <summary>The same region by Keystone's name.</summary>
    public const string CloudRegion = "RegionOne";

    /// <summary>A day.</summary>
    public static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>How long lifecycle rules take for a day; shorter only to try rules out.</summary>
    public TimeSpan LifecycleDay { get; init; } = Day;
}

/// <summary>Readies object storage at each start.</summary>
public interface IObjectStart
{
    /// <summary>Begins the keepers that every cloud has. Idempotent.</summary>
    Task Bootstrap(CancellationToken cancel);
}

/// <summary>Marks a connection that came in by the objects listener.</summary>
public sealed class ObjectsConnection;
