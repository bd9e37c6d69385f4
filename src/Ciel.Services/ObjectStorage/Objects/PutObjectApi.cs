using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Access;
using Ciel.Services.ObjectStorage.Body;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Encrypting;
using Ciel.Services.ObjectStorage.Lifecycle;
using Ciel.Services.ObjectStorage.Locking;

namespace Ciel.Services.ObjectStorage.Objects;

/// <summary>PutObject.</summary>
internal sealed class PutObjectApi(Db db, VersionBook book, ObjectBytes bytes, Encryptions encryptions, AclHeaders lists) : IObjectApi
{
    /// <summary>The largest object that may come in one request.</summary>
    public const long Most = 5L << 30;

    public IEnumerable<Operation> Operations => [new Operation("PutObject", "PUT", Scope.Object, Put)];

    private async Task Put(S3Call call)
    {
        RequireLength(call);
        var tags = call.Header("x-amz-tagging") is { } text ? TagSet.ParseHeader(text) : [];
        Authorizer.Write(call, "s3:PutObject", call.Key);
        using var body = IncomingBody.Of(call);
        if (body.Announced is > ObjectBytes.MostInline and var announced)
        {
            await ObjectQuota.Foresee(db, call.Bucket, announced, r => Replaced(r, call), call.Cancel);
        }

        var row = await Store(call, body, tags, ObjectHeaders.Read(call), Conditions.Write(call));
        Answer(call, row);
        await call.Empty();
    }

    /// <summary>Takes a body and makes it the key's latest version, as the call's headers have it.</summary>
    public async Task<VersionRow> Store(S3Call call, HashedStream body, IReadOnlyDictionary<string, string> tags, ObjectInfo info, Action<VersionRow?> when)
    {
        var (acl, ownerId, ownerName) = await lists.ForObject(call);
        TagSet.Require(call, tags, ownerId);
        var retention = Retention.Of(call);
        var (encryption, key) = await encryptions.ForWrite(call);
        var content = await bytes.Take(body, key, mayInline: true, Most, Durability.IsRelaxed(call.Bucket), call.Cancel);
        var draft = new VersionRow
        {
            BucketId = call.Bucket.Id,
            ObjectKey = call.Key,
            VersionId = "",
            Size = content.Size,
            Etag = body.Etag,
            Content = content.Text,
            Inline = content.Inline,
            Info = (info with { Replication = Deed.IsReplica(call) ? Deed.ReplicaStatus : null, Encryption = encryption, Checksum = new ObjectChecksum(body.Algorithm, body.ChecksumValue, ObjectChecksum.FullObject) }).Text,
            Acl = acl.Text,
            Tags = TagSet.Text(tags),
            OwnerId = ownerId,
            OwnerName = ownerName,
            RetainMode = retention.Mode,
            RetainUntil = retention.Until,
            LegalHold = retention.Hold,
        };
        return await Commit(call, draft, when);
    }

    /// <summary>Writes the row; where it is refused its bytes go.</summary>
    public async Task<VersionRow> Commit(S3Call call, VersionRow draft, Action<VersionRow?> when)
    {
        try
        {
            return await book.Put(call, draft, when);
        }
        catch (S3Fault)
        {
            // Certainly not committed. After any other failure nobody knows, so the sweep asks the rows later.
            bytes.Drop(draft.Bytes.Blobs);
            throw;
        }
    }

    public static void Answer(S3Call call, VersionRow row)
    {
        call.LoggedSize = row.Size;
        call.Answer("ETag", $"\"{row.Etag}\"");
        if (call.Bucket.Versioned)
        {
            call.Answer("x-amz-version-id", row.VersionId);
        }

        if (row.Details.Checksum is { } checksum)
        {
            call.Answer(Checksum.Header(checksum.Algorithm), checksum.Value);
            call.Answer("x-amz-checksum-type", checksum.Type);
        }

        call.Answer("x-amz-expiration", ExpirationHeader.Of(call.Bucket, row));
        Encryptions.Answer(call, row.Details.Encryption);
    }

    // Where versions are kept nothing goes.
    private static async Task<long> Replaced(Reader reader, S3Call call) =>
        call.Bucket.Versioned ? 0 : (await VersionStore.Find(reader, call.Bucket.Id, call.Key, VersionRow.Null))?.Size ?? 0;

    private static void RequireLength(S3Call call)
    {
        var length = call.Http.Request.ContentLength;
        if (length > Most)
        {
            throw Faults.TooLarge(Most);
        }

        if (length is null && !call.Seal.Chunked && !call.Http.Request.Headers.TransferEncoding.Any(e => e == "chunked"))
        {
            throw new S3Fault(411, "MissingContentLength", "You must provide the Content-Length HTTP header.");
        }
    }
}
