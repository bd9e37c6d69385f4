using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Body;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Encrypting;

namespace Ciel.Services.ObjectStorage.Objects;

/// <summary>Writes objects that no request asked for: logs, replicas. They are encrypted as their bucket has it by default.</summary>
internal sealed class OwnWriter(VersionBook book, ObjectBytes bytes, Encryptions encryptions)
{
    /// <summary>Takes a stream and makes it the key's latest version.</summary>
    /// <param name="deed">Who writes.</param>
    /// <param name="bucket">Where.</param>
    /// <param name="draft">The version without its bytes.</param>
    /// <param name="source">The bytes.</param>
    /// <param name="also">What commits with it; false to leave everything as it is.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<VersionRow?> Write(Deed deed, BucketRow bucket, VersionRow draft, Stream source, Func<Tx, Task<bool>> also, CancellationToken cancel)
    {
        var (encryption, key) = await encryptions.ForOwn(bucket, cancel);
        var checksum = draft.Details.Checksum;
        using var body = new HashedStream(source, checksum?.Algorithm ?? Checksum.Default);
        var content = await bytes.Take(body, key, mayInline: true, long.MaxValue, Durability.IsRelaxed(bucket), cancel);
        var row = draft with
        {
            BucketId = bucket.Id,
            Size = content.Size,
            Etag = draft.Etag.Length > 0 ? draft.Etag : body.Etag,
            Content = content.Text,
            Inline = content.Inline,
            Info = (draft.Details with { Encryption = encryption, Checksum = checksum ?? new ObjectChecksum(body.Algorithm, body.ChecksumValue, ObjectChecksum.FullObject) }).Text,
        };
        try
        {
            var placed = await book.Place(deed, bucket, row, also, cancel);
            if (placed is null)
            {
                bytes.Drop(row.Bytes.Blobs);
            }

            return placed;
        }
        catch (S3Fault)
        {
            bytes.Drop(row.Bytes.Blobs);
            throw;
        }
    }
}
