using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Body;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Encrypting;
using Ciel.Services.ObjectStorage.Listing;
using Ciel.Services.ObjectStorage.Objects;

namespace Ciel.Services.ObjectStorage.Swift;

/// <summary>A run of bytes of another object.</summary>
internal sealed record Segment(BucketRow Bucket, VersionRow Row, long Offset, long Count);

/// <summary>A line of a static large object's manifest, as it is stored and given back.</summary>
internal sealed record ManifestLine(string name, string hash, long bytes, string? range, string content_type, string last_modified);

/// <summary>Large objects: static ones whose manifest lists their segments, and dynamic ones whose segments are what begins with a prefix.</summary>
internal sealed class LargeObjects(Db db, VersionBook book, ObjectBytes bytes, PutObjectApi put, Encryptions encryptions)
{
    public const int MostSegments = 1000;
    public const int LongestManifest = 8 * 1024 * 1024;

    /// <summary>What clients compare: the MD5 of the segments' MD5s.</summary>
    public static string Etag(IEnumerable<Segment> segments)
    {
        var sums = string.Concat(segments.Select(s => s.Count == s.Row.Size ? s.Row.Etag : $"{s.Row.Etag}:{s.Offset}-{s.Offset + s.Count - 1};"));
#pragma warning disable CA5351 // The API's checksum, not a secret's.
        return Convert.ToHexStringLower(MD5.HashData(Encoding.ASCII.GetBytes(sums)));
#pragma warning restore CA5351
    }

    /// <summary>The segments of a large object; null for an ordinary one.</summary>
    public async Task<IReadOnlyList<Segment>?> Segments(SwiftCall call, VersionRow row) => row.Details switch
    {
        { Segmented: true } => await OfManifest(call, row),
        { Manifest: { } place } => await OfPrefix(call, place),
        _ => null,
    };

    public async Task Put(SwiftCall call, BucketRow bucket)
    {
        var segments = await Asked(call);
        var lines = segments.Select(s => new ManifestLine(
            $"/{Containers.NameOf(s.Bucket)}/{s.Row.ObjectKey}", s.Row.Etag, s.Row.Size, s.Count == s.Row.Size ? null : $"{s.Offset}-{s.Offset + s.Count - 1}",
            s.Row.Details.Headers.GetValueOrDefault("Content-Type", SwiftObjects.DefaultType), SwiftCall.Iso(s.Row.CreatedAt)));
        var text = JsonSerializer.SerializeToUtf8Bytes(lines);
        var storage = call.Storage(bucket, call.Object, asOwner: true);
        using var body = IncomingBody.Of(storage, new MemoryStream(text), new Expected { Length = text.Length });
        var info = new ObjectInfo
        {
            Headers = new() { ["Content-Type"] = call.Header("Content-Type") ?? SwiftObjects.DefaultType },
            Meta = MetaHeaders.Change(call, "Object", new Dictionary<string, string>(), keepEmpty: true),
            Segmented = true,
        };
        var row = await put.Store(storage, body, new Dictionary<string, string>(), info, _ => { });
        call.Answer("ETag", $"\"{Etag(segments)}\"");
        call.Answer("Last-Modified", Xml.Instants.Http(row.CreatedAt));
        await call.Empty(201);
    }

    /// <summary>Removes a manifest with its segments.</summary>
    public async Task Delete(SwiftCall call, BucketRow bucket, VersionRow row)
    {
        var deleted = 0;
        foreach (var (of, key) in (await OfManifest(call, row)).Select(s => (s.Bucket, s.Row.ObjectKey)).Append((bucket, row.ObjectKey)).DistinctBy(p => (p.Item1.Id, p.Item2)))
        {
            SwiftAccess.Write(call, of, key, "s3:DeleteObject");
            await book.Delete(Deed.Of(call.Storage(of, key)), of, key, null, (_, _) => true, call.Cancel);
            deleted++;
        }

        await BulkApi.Report(call, [("Number Deleted", $"{deleted}"), ("Number Not Found", "0")], "200 OK", []);
    }

    public async Task Send(SwiftCall call, IReadOnlyList<Segment> segments, long offset, long count)
    {
        foreach (var segment in segments)
        {
            if (count > 0 && offset < segment.Count)
            {
                var take = Math.Min(count, segment.Count - offset);
                await bytes.Send(segment.Row.Bytes, await Key(call, segment), segment.Offset + offset, take, call.Http.Response.BodyWriter, call.Cancel);
                (offset, count) = (0, count - take);
            }
            else
            {
                offset -= segment.Count;
            }
        }
    }

    public async Task<Stream> Open(SwiftCall call, IReadOnlyList<Segment> segments)
    {
        var parts = new List<Func<Stream>>();
        foreach (var segment in segments)
        {
            var key = await Key(call, segment);
            parts.Add(() => bytes.Open(segment.Row.Bytes, key, segment.Offset, segment.Count));
        }

        return new JoinedStream(parts);
    }

    private Task<byte[]?> Key(SwiftCall call, Segment segment) => encryptions.ForRead(call.Storage(segment.Bucket, segment.Row.ObjectKey, asOwner: true), segment.Row.Details.Encryption);

    private async Task<IReadOnlyList<Segment>> OfManifest(SwiftCall call, VersionRow row)
    {
        using var stream = bytes.Open(row.Bytes, await encryptions.ForRead(call.Storage(await Bucket(call, row.BucketId), row.ObjectKey, asOwner: true), row.Details.Encryption), 0, row.Size);
        var lines = (await JsonSerializer.DeserializeAsync<List<ManifestLine>>(stream, cancellationToken: call.Cancel))!;
        var segments = new List<Segment>();
        foreach (var line in lines)
        {
            var found = await Find(call, line.name, line.range);
            // A segment that was changed since is not what was put together.
            segments.Add(found?.Row.Etag == line.hash ? found : throw new S3Fault(409, "Conflict", $"The segment {line.name} is gone or was changed."));
        }

        return segments;
    }

    private async Task<IReadOnlyList<Segment>> OfPrefix(SwiftCall call, string place)
    {
        var parts = Percent.Decode(place).Split('/', 2);
        if (await db.Read(r => Containers.Find(r, call.Account, parts[0]), call.Cancel) is not { } bucket)
        {
            return [];
        }

        SwiftAccess.Read(call, bucket, parts[1], null);
        var rows = await db.Read(r => ListStore.Current(r, bucket.Id, Position.Before(parts[1]), Position.Successor(parts[1]), SwiftListing.Most), call.Cancel);
        var segments = new List<Segment>();
        foreach (var row in rows)
        {
            if (await db.Read(r => VersionStore.Latest(r, bucket.Id, row.ObjectKey), call.Cancel) is { Marker: false } found && found.Details is { Manifest: null, Segmented: not true })
            {
                segments.Add(new Segment(bucket, found, 0, found.Size));
            }
        }

        return segments;
    }

    private async Task<BucketRow> Bucket(SwiftCall call, string id) => await db.Read(r => BucketStore.ById(r, id), call.Cancel) ?? throw SwiftFaults.NotFound();

    private async Task<Segment?> Find(SwiftCall call, string path, string? range)
    {
        if (path.TrimStart('/').Split('/', 2) is not [var container, { Length: > 0 } key] || await db.Read(r => Containers.Find(r, call.Account, container), call.Cancel) is not { } bucket
            || await db.Read(r => VersionStore.Latest(r, bucket.Id, key), call.Cancel) is not { Marker: false } row)
        {
            return null;
        }

        SwiftAccess.Read(call, bucket, key, row);
        var part = range is null ? null : ByteRange.Parse("bytes=" + range, row.Size);
        return new Segment(bucket, row, part?.Offset ?? 0, part?.Count ?? row.Size);
    }

    private async Task<IReadOnlyList<Segment>> Asked(SwiftCall call)
    {
        var lines = await Parse(call);
        var segments = new List<Segment>();
        foreach (var line in lines)
        {
            var path = Text(line, "path") ?? throw SwiftFaults.BadRequest("Each segment needs a path.");
            var found = await Find(call, path, Text(line, "range")) ?? throw SwiftFaults.BadRequest($"Errors:\n{path}, 404 Not Found");
            var good = (Text(line, "etag") is not { } etag || etag == found.Row.Etag)
                && (!line.TryGetProperty("size_bytes", out var size) || size.ValueKind == JsonValueKind.Null || size.ToString() == $"{found.Row.Size}");
            segments.Add(good && found.Row.Details is { Manifest: null, Segmented: not true } ? found : throw SwiftFaults.BadRequest($"Errors:\n{path}, Etag or Size Mismatch"));
        }

        return segments;
    }

    private static async Task<List<JsonElement>> Parse(SwiftCall call)
    {
        var text = await call.Body(LongestManifest);
        try
        {
            using var document = JsonInput.Parse(text, 8);
            var lines = document.RootElement.ValueKind == JsonValueKind.Array ? document.RootElement.Clone().EnumerateArray().ToList() : throw SwiftFaults.BadRequest("Manifest must be a list.");
            return lines.Count is > 0 and <= MostSegments && lines.TrueForAll(l => l.ValueKind == JsonValueKind.Object) ? lines : throw SwiftFaults.BadRequest($"A manifest lists 1 to {MostSegments} segments.");
        }
        catch (JsonException)
        {
            throw SwiftFaults.BadRequest("Manifest must be valid JSON.");
        }
    }

    private static string? Text(JsonElement line, string name) => line.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
