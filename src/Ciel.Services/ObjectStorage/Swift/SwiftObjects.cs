using System.Globalization;
using Ciel.Core.Errors;
using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Body;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Encrypting;
using Ciel.Services.ObjectStorage.Locking;
using Ciel.Services.ObjectStorage.Objects;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Swift;

/// <summary>Objects as Swift has them, in the storage that S3 uses.</summary>
internal sealed class SwiftObjects(Db db, VersionBook book, PutObjectApi put, ObjectBytes bytes, Encryptions encryptions, LargeObjects large)
{
    public const string DefaultType = "application/octet-stream";
    private const long Second = 1_000_000;
    private const int Tries = 10;
    private static readonly string[] Kept = ["Content-Disposition", "Content-Encoding", "Cache-Control", "Content-Language", "Expires"];

    /// <summary>The latest version, which has not run out; null where there is none.</summary>
    public async Task<VersionRow?> Find(SwiftCall call, BucketRow bucket, string key) =>
        await db.Read(r => VersionStore.Latest(r, bucket.Id, key), call.Cancel) is { Marker: false } row && !(row.Details.DeleteAt <= call.Now) ? row : null;

    /// <summary>What the headers say of an object.</summary>
    /// <param name="call">The request.</param>
    /// <param name="before">What it bore; stays where the headers say nothing of it.</param>
    public static ObjectInfo Info(SwiftCall call, ObjectInfo before)
    {
        var headers = new Dictionary<string, string>(before.Headers);
        foreach (var name in Kept)
        {
            if (call.Header(name) is { Length: > 0 } value)
            {
                headers[name] = value;
            }
        }

        headers["Content-Type"] = call.Header("Content-Type") is { Length: > 0 } type ? type : headers.GetValueOrDefault("Content-Type", DefaultType);
        return before with
        {
            Headers = headers,
            Meta = MetaHeaders.Change(call, "Object", before.Meta, keepEmpty: true),
            DeleteAt = DeleteAt(call) ?? before.DeleteAt,
            Manifest = call.Header("X-Object-Manifest") is { Length: > 0 } manifest ? Manifest(manifest) : before.Manifest,
        };
    }

    /// <summary>Takes bytes as the container's new version of a key.</summary>
    public async Task<VersionRow> Store(SwiftCall call, BucketRow bucket, string key, Stream source, ObjectInfo info, Expected expected)
    {
        var room = await Room(call, bucket);
        if (expected.Length > room)
        {
            throw SwiftFaults.TooLarge("Upload exceeds quota.");
        }

        var storage = call.Storage(bucket, key, asOwner: true);
        using var body = IncomingBody.Of(storage, room == long.MaxValue ? source : new Posting.LimitedStream(source, (0, room)), expected);
        var when = call.Header("If-None-Match") is null ? _ => { } : Conditions.Write(storage);
        return await put.Store(storage, body, new Dictionary<string, string>(), info, when);
    }

    public static Task Created(SwiftCall call, VersionRow row)
    {
        call.Answer("ETag", row.Etag);
        call.Answer("Last-Modified", Instants.Http(row.CreatedAt));
        return call.Empty(201);
    }

    /// <summary>A POST: all of the user's own is as it says now.</summary>
    public Task Describe(SwiftCall call, BucketRow bucket, VersionRow found) => book.Describe(call.Storage(bucket, call.Object, asOwner: true), found.ObjectKey, row => Info(call, row.Details with
    {
        Meta = [],
        DeleteAt = null,
        Manifest = null,
        Headers = row.Details.Headers.Where(h => h.Key == "Content-Type").ToDictionary(),
    }));

    public Task Delete(SwiftCall call, BucketRow bucket, string key)
    {
        var storage = call.Storage(bucket, key, asOwner: true);
        return book.Delete(Deed.Of(storage), bucket, key, null, (now, row) =>
        {
            if (row is { Marker: false } && !now.EverVersioned)
            {
                Retention.Check(row, call.Now, bypass: false);
            }

            return true;
        }, call.Cancel);
    }

    /// <summary>Answers a GET or HEAD.</summary>
    public async Task Send(SwiftCall call, BucketRow bucket, VersionRow found)
    {
        var row = found;
        for (var left = Tries; ; left--)
        {
            try
            {
                await Try(call, bucket, row);
                return;
            }
            catch (Fault gone) when (gone.Status == 404 && left > 0 && !call.Http.Response.HasStarted)
            {
                // Overwritten between the row and its bytes: the new version is there.
                row = await Find(call, bucket, row.ObjectKey) ?? throw SwiftFaults.NotFound();
            }
        }
    }

    private async Task Try(SwiftCall call, BucketRow bucket, VersionRow row)
    {
        var whole = call.Query("multipart-manifest") == "get" ? null : await large.Segments(call, row);
        var (size, etag) = whole is null ? (row.Size, row.Etag) : (whole.Sum(s => s.Count), LargeObjects.Etag(whole));
        Answer(call, row, whole is null ? etag : $"\"{etag}\"");
        var storage = call.Storage(bucket, row.ObjectKey, asOwner: true);
        if (Conditions.NotModified(storage, row with { Etag = etag }))
        {
            await call.Empty(304);
            return;
        }

        var range = ByteRange.Parse(call.Header("Range"), size);
        var (offset, count) = range is { } r ? (r.Offset, r.Count) : (0, size);
        call.Http.Response.StatusCode = range is null ? 200 : 206;
        call.Http.Response.ContentLength = count;
        call.Answer("Content-Range", range is null ? null : $"bytes {offset}-{offset + count - 1}/{size}");
        if (call.IsHead)
        {
            return;
        }

        if (whole is not null)
        {
            await large.Send(call, whole, offset, count);
            return;
        }

        var key = await encryptions.ForRead(storage, row.Details.Encryption);
        await bytes.Send(row.Bytes, key, offset, count, call.Http.Response.BodyWriter, call.Cancel);
    }

    /// <summary>The bytes of an object, its segments joined.</summary>
    public async Task<(Stream Bytes, long Size)> Open(SwiftCall call, BucketRow bucket, VersionRow row)
    {
        if (await large.Segments(call, row) is { } segments)
        {
            return (await large.Open(call, segments), segments.Sum(s => s.Count));
        }

        var key = await encryptions.ForRead(call.Storage(bucket, row.ObjectKey, asOwner: true), row.Details.Encryption);
        return (bytes.Open(row.Bytes, key, 0, row.Size), row.Size);
    }

    private static void Answer(SwiftCall call, VersionRow row, string etag)
    {
        var info = row.Details;
        call.Answer("ETag", etag);
        call.Answer("Last-Modified", Instants.Http(row.CreatedAt));
        call.Answer("X-Timestamp", SwiftCall.Timestamp(row.CreatedAt));
        call.Answer("Accept-Ranges", "bytes");
        call.Answer("Content-Type", info.Segmented == true && call.Query("multipart-manifest") == "get" ? "application/json; charset=utf-8" : info.Headers.GetValueOrDefault("Content-Type", DefaultType));
        foreach (var (name, value) in info.Headers.Where(h => Kept.Contains(h.Key)))
        {
            call.Answer(name, value);
        }

        MetaHeaders.Write(call, "Object", info.Meta);
        call.Answer("X-Delete-At", info.DeleteAt is { } at ? (at / Second).ToString(CultureInfo.InvariantCulture) : null);
        call.Answer("X-Object-Manifest", info.Manifest);
        call.Answer("X-Static-Large-Object", info.Segmented == true ? "True" : null);
    }

    // What the container's and the account's own quotas leave; the project's is asked by the commit.
    private async Task<long> Room(SwiftCall call, BucketRow bucket)
    {
        var meta = ContainerSettings.Of(bucket).Meta;
        var (held, account) = await db.Read(
            async r => (await UsageStore.OfBucket(r, bucket.Id), Limit(await AccountStore.Meta(r, bucket.ProjectId), "quota-bytes") - (await UsageStore.OfProject(r, bucket.ProjectId)).Bytes), call.Cancel);
        return Limit(meta, "quota-count") <= held.Objects
            ? throw SwiftFaults.TooLarge("Upload exceeds quota.")
            : Math.Max(0, Math.Min(Limit(meta, "quota-bytes") - held.Bytes, account)) is var room && room > PutObjectApi.Most ? long.MaxValue : room;
    }

    private static long Limit(Dictionary<string, string> meta, string name) => meta.TryGetValue(name, out var text) && long.TryParse(text, out var limit) ? limit : long.MaxValue;

    private static long? DeleteAt(SwiftCall call)
    {
        if (call.Header("X-Delete-After") is { } after)
        {
            return long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < int.MaxValue ? ((call.Now / Second) + seconds) * Second : throw SwiftFaults.BadRequest("Non-integer X-Delete-After");
        }

        if (call.Header("X-Delete-At") is not { Length: > 0 } at)
        {
            return null;
        }

        return long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var instant) && instant < 100_000_000_000
            ? instant > call.Now / Second ? instant * Second : throw SwiftFaults.BadRequest("X-Delete-At in past")
            : throw SwiftFaults.BadRequest("Non-integer X-Delete-At");
    }

    private static string Manifest(string text) => text.TrimStart('/').Split('/', 2) is [{ Length: > 0 }, { Length: > 0 }] ? text.TrimStart('/')
        : throw SwiftFaults.BadRequest("X-Object-Manifest must be in the format container/prefix");
}
