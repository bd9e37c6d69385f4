using Ciel.Core.Policy;
using Ciel.Services.ObjectStorage.Access;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Xml;
using Microsoft.AspNetCore.Http;

namespace Ciel.Services.ObjectStorage.Swift;

/// <summary>One request of Swift's API on its way.</summary>
internal sealed class SwiftCall(HttpContext http, SwiftTarget target, string transaction, long now)
{
    public HttpContext Http => http;

    public SwiftTarget Target => target;

    public string Method => http.Request.Method;

    public string Transaction => transaction;

    /// <summary>When it came, µs UTC.</summary>
    public long Now => now;

    public CancellationToken Cancel => http.RequestAborted;

    /// <summary>The project that the URL names.</summary>
    public string Account => target.Account ?? throw SwiftFaults.NotFound();

    public string Container => target.Container ?? throw SwiftFaults.NotAllowed(Method);

    public string Object => target.Object ?? throw SwiftFaults.NotAllowed(Method);

    /// <summary>Whoever bears the token; null without one.</summary>
    public Actor? Actor { get; set; }

    /// <summary>Whether a temporary URL or a form's signature opens exactly this.</summary>
    public bool Signed { get; set; }

    /// <summary>The id of the container whose own key signed; null where it was the account's key.</summary>
    public string? SignedIn { get; set; }

    /// <summary>Whether it is the account's own member, or an operator.</summary>
    public bool IsOwner => Signed || IsMember;

    public bool IsHead => HttpMethods.IsHead(Method);

    public string? Header(string name) => http.Request.Headers.TryGetValue(name, out var value) ? value.ToString() : null;

    public string? Query(string name) => target[name];

    public void Answer(string name, string? value)
    {
        if (value is not null)
        {
            http.Response.Headers[name] = Door.HeaderText.Value(value);
        }
    }

    /// <summary>Counts the request and its bytes; null in between.</summary>
    public S3Call? Metered { get; init; }

    /// <summary>Refuses all but who may do everything with the account.</summary>
    public void RequireOwner()
    {
        if (!IsOwner)
        {
            throw Refused();
        }
    }

    public S3Fault Refused() => Actor is null && !Signed ? SwiftFaults.Unauthorized() : SwiftFaults.Forbidden();

    /// <summary>The same request as the storage below takes it.</summary>
    /// <param name="bucket">The container.</param>
    /// <param name="key">The object; null for the container itself.</param>
    /// <param name="asOwner">Whether the container's account acts, because the caller was let in already.</param>
    public S3Call Storage(BucketRow bucket, string? key, bool asOwner = false)
    {
        var storage = new S3Call(http, new Target(bucket.Name, key, target.Path, []), transaction)
        {
            Now = now,
            Bucket = bucket,
            Caller = asOwner || Owns(bucket) ? new Caller(bucket.ProjectId, bucket.OwnerName, Actor?.UserId, Writes: true) : Visitor(),
            Operation = new Operation(Method switch { "PUT" => "PutObject", "DELETE" => "DeleteObject", "COPY" => "CopyObject", "POST" => "PutObjectTagging", _ => "GetObject" }, Method, Scope.Object, _ => Task.CompletedTask),
        };
        if (Metered is { Meter: { Admitted: false } meter } metered && bucket.Id.Length > 0)
        {
            (metered.Bucket, metered.Caller, metered.Operation, meter.Admitted) = (bucket, storage.Caller, storage.Operation, true);
        }

        return storage;
    }

    /// <summary>The whole of a small body.</summary>
    /// <exception cref="S3Fault">413 where it is longer.</exception>
    public async Task<byte[]> Body(int most)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await http.Request.Body.ReadAsync(buffer, Cancel) is > 0 and var read)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > most)
            {
                throw SwiftFaults.TooLarge();
            }
        }

        return bytes.ToArray();
    }

    /// <summary>Answers without a body.</summary>
    public Task Empty(int status)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType ??= "text/html; charset=UTF-8";
        if (status is not (204 or 304))
        {
            http.Response.ContentLength = 0;
        }

        return Task.CompletedTask;
    }

    public async Task Text(int status, byte[] body, string type)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        http.Response.ContentLength = body.Length;
        if (!IsHead)
        {
            await http.Response.Body.WriteAsync(body, Cancel);
        }
    }

    /// <summary>Seconds with five digits behind the point, as Swift writes instants.</summary>
    public static string Timestamp(long micros) => $"{micros / 1_000_000}.{micros % 1_000_000 / 10:00000}";

    public static string Iso(long micros) => Instants.Of(micros).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff", System.Globalization.CultureInfo.InvariantCulture);

    // Not IsOwner alone: a copy has two ends, and the other may be another account's.
    private bool Owns(BucketRow bucket) => Actor?.IsAdmin == true
        || (bucket.ProjectId == target.Account && (IsMember || (Signed && (SignedIn is null || SignedIn == bucket.Id))));

    private bool IsMember => Actor is { } actor && (actor.IsAdmin || (actor.ProjectId == target.Account && actor.Has(Roles.Member)));

    private Caller Visitor() => Actor is { ProjectId: { } project } actor
        ? new Caller(project, actor.ProjectName ?? "", actor.UserId, actor.Has(Roles.Member)) { Arn = $"arn:aws:iam::{project}:root", Names = [$"arn:aws:iam::{project}:user/{actor.UserId}"], Keystone = actor.UserId }
        : Caller.Anonymous;
}
