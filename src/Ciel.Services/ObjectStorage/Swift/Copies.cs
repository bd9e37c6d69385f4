using Ciel.Services.Identity;
using Ciel.Services.ObjectStorage.Access;
using Ciel.Services.ObjectStorage.Body;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Objects;

namespace Ciel.Services.ObjectStorage.Swift;

/// <summary>Copies of objects: COPY with a <c>Destination</c>, and PUT with <c>X-Copy-From</c>.</summary>
internal sealed class Copies(Containers containers, SwiftObjects objects, OldVersions old, IAccessKeys keys)
{
    public async Task FromHere(SwiftCall call)
    {
        var (container, key) = Place(call.Header("Destination") ?? throw new S3Fault(412, "PreconditionFailed", "Destination header required"));
        var account = Account(call.Header("Destination-Account")) ?? call.Account;
        await Suspension.Refuse(account, call.Actor?.ProjectId == account, takes: false, keys);
        var to = await containers.Find(account, container, call.Cancel) ?? throw SwiftFaults.NotFound();
        SwiftAccess.Write(call, to, key, "s3:PutObject");
        await Copy(call, call.Account, call.Container, call.Object, to, key);
    }

    public Task ToHere(SwiftCall call, BucketRow to)
    {
        var (container, key) = Place(call.Header("X-Copy-From")!);
        return call.Http.Request.ContentLength > 0 ? throw SwiftFaults.BadRequest("Copy requests require a zero byte body")
            : Copy(call, Account(call.Header("X-Copy-From-Account")) ?? call.Account, container, key, to, call.Object);
    }

    private async Task Copy(SwiftCall call, string account, string container, string key, BucketRow to, string toKey)
    {
        await Suspension.Refuse(account, call.Actor?.ProjectId == account, takes: true, keys);
        var bucket = await containers.Find(account, container, call.Cancel) ?? throw SwiftFaults.NotFound();
        var from = await objects.Find(call, bucket, key);
        SwiftAccess.Read(call, bucket, key, from);
        var source = from ?? throw SwiftFaults.NotFound();
        var before = SwiftListing.IsTrue(call.Header("X-Fresh-Metadata"))
            ? new ObjectInfo { Headers = source.Details.Headers.Where(h => h.Key == "Content-Type").ToDictionary() }
            : new ObjectInfo { Headers = source.Details.Headers, Meta = source.Details.Meta, DeleteAt = source.Details.DeleteAt };
        var (bytes, size) = await objects.Open(call, bucket, source);
        await using var _ = bytes;
        await old.Keep(call, to, toKey, deleting: false);
        var row = await objects.Store(call, to, toKey, bytes, SwiftObjects.Info(call, before), new Expected { Length = size });
        call.Answer("X-Copied-From", $"{Percent.Encode(container)}/{Percent.Encode(key, "/")}");
        call.Answer("X-Copied-From-Account", SwiftTarget.AccountPrefix + account);
        call.Answer("X-Copied-From-Last-Modified", Xml.Instants.Http(source.CreatedAt));
        MetaHeaders.Write(call, "Object", row.Details.Meta);
        await SwiftObjects.Created(call, row);
    }

    private static string? Account(string? header) => header is null ? null
        : header.StartsWith(SwiftTarget.AccountPrefix, StringComparison.Ordinal) ? header[SwiftTarget.AccountPrefix.Length..] : throw SwiftFaults.NotFound();

    private static (string Container, string Key) Place(string header)
    {
        var parts = Percent.Decode(header).TrimStart('/').Split('/', 2);
        if (parts is not [{ Length: > 0 } container, { Length: > 0 } key])
        {
            throw new S3Fault(412, "PreconditionFailed", "The header must be of the form <container name>/<object name>");
        }

        SwiftTarget.Limit("Container", container, 256);
        SwiftTarget.Limit("Object", key, 1024);
        return (container, key);
    }
}
