using Ciel.Services.ObjectStorage.Body;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Objects;

namespace Ciel.Services.ObjectStorage.Swift;

/// <summary>Objects: read, write, describe, copy, remove.</summary>
internal sealed class ObjectApi(Containers containers, SwiftObjects objects, LargeObjects large, Copies copies, OldVersions old, StaticWeb web, BulkApi bulk, FormPosts forms)
{
    public Task Serve(SwiftCall call) => call.Method switch
    {
        "GET" or "HEAD" => Get(call),
        "PUT" when call.Query("extract-archive") is not null => bulk.Extract(call),
        "PUT" => Put(call),
        "POST" when FormPosts.IsForm(call) => forms.Take(call),
        "POST" => Describe(call),
        "DELETE" => Delete(call),
        "COPY" => copies.FromHere(call),
        _ => throw SwiftFaults.NotAllowed(call.Method),
    };

    private async Task Get(SwiftCall call)
    {
        if (await containers.Find(call.Account, call.Container, call.Cancel) is not { } bucket)
        {
            call.RequireOwner();
            throw SwiftFaults.NotFound();
        }

        var row = await objects.Find(call, bucket, call.Object);
        SwiftAccess.Read(call, bucket, call.Object, row);
        if (row is null)
        {
            await web.Missing(call, bucket);
            return;
        }

        await objects.Send(call, bucket, row);
    }

    private async Task Put(SwiftCall call)
    {
        var bucket = await Writable(call, "s3:PutObject");
        if (call.Header("X-Copy-From") is not null)
        {
            await copies.ToHere(call, bucket);
            return;
        }

        if (call.Http.Request.ContentLength is null && call.Header("Transfer-Encoding") is null)
        {
            throw new S3Fault(411, "LengthRequired", "Missing Content-Length header.");
        }

        if (call.Query("multipart-manifest") == "put")
        {
            await large.Put(call, bucket);
            return;
        }

        await old.Keep(call, bucket, call.Object, deleting: false);
        var info = SwiftObjects.Info(call, new ObjectInfo());
        var row = await objects.Store(call, bucket, call.Object, call.Http.Request.Body, info, Expected(call));
        await SwiftObjects.Created(call, row);
    }

    private async Task Describe(SwiftCall call)
    {
        var bucket = await Writable(call, "s3:PutObject");
        var row = await objects.Find(call, bucket, call.Object) ?? throw SwiftFaults.NotFound();
        await objects.Describe(call, bucket, row);
        await call.Empty(202);
    }

    private async Task Delete(SwiftCall call)
    {
        var bucket = await Writable(call, "s3:DeleteObject");
        var row = await objects.Find(call, bucket, call.Object) ?? throw SwiftFaults.NotFound();
        if (call.Query("multipart-manifest") == "delete" && row.Details.Segmented == true)
        {
            await large.Delete(call, bucket, row);
            return;
        }

        if (!await old.BringBack(call, bucket, call.Object))
        {
            await objects.Delete(call, bucket, call.Object);
        }

        await call.Empty(204);
    }

    private async Task<BucketRow> Writable(SwiftCall call, string action)
    {
        if (await containers.Find(call.Account, call.Container, call.Cancel) is not { } bucket)
        {
            call.RequireOwner();
            throw SwiftFaults.NotFound();
        }

        SwiftAccess.Write(call, bucket, call.Object, action);
        return bucket;
    }

    private static Expected Expected(SwiftCall call)
    {
        var etag = call.Header("ETag")?.Trim('"');
        if (etag is { Length: > 0 } && !(etag.Length == 32 && etag.All(char.IsAsciiHexDigit)))
        {
            throw SwiftFaults.Unprocessable("The ETag is no MD5.");
        }

        return new Expected { Length = call.Http.Request.ContentLength, Md5 = string.IsNullOrEmpty(etag) ? null : Convert.FromHexString(etag) };
    }
}
