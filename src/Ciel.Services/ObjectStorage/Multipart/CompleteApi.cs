using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Access;
using Ciel.Services.ObjectStorage.Body;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Encrypting;
using Ciel.Services.ObjectStorage.Objects;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Multipart;

/// <summary>CompleteMultipartUpload: the object is the list of its parts' blobs, nothing is copied.</summary>
internal sealed class CompleteApi(Db db, VersionBook versions, ObjectBytes bytes, Encryptions encryptions) : IObjectApi
{
    private const long LeastPart = 5L << 20;

    public IEnumerable<Operation> Operations => [new Operation("CompleteMultipartUpload", "POST", Scope.Object, Complete) { Marker = "uploadId" }];

    private async Task Complete(S3Call call)
    {
        Authorizer.Write(call, "s3:PutObject", call.Key);
        var id = call.Query("uploadId")!;
        var wanted = (await XmlInput.ReadWithoutChecksum(call, "CompleteMultipartUpload")).All("Part").Select(WantedPart.Parse).ToList();
        // The same number again: the client sent the part anew, and the last one counts.
        wanted = [.. wanted.Where((one, i) => i + 1 == wanted.Count || wanted[i + 1].Number != one.Number)];
        if (wanted.Count == 0)
        {
            throw Faults.MalformedXml();
        }

        var row = await Once(call, id, wanted);
        call.Answer("x-amz-version-id", call.Bucket.Versioned ? row.VersionId : null);
        Encryptions.Answer(call, row.Details.Encryption);
        await call.Xml("CompleteMultipartUploadResult", xml =>
        {
            xml.Text("Location", $"{call.Http.Request.Scheme}://{call.Http.Request.Host}/{call.Bucket.Name}/{Percent.Encode(call.Key, "/")}");
            xml.Text("Bucket", call.Bucket.Name);
            xml.Text("Key", call.Key);
            xml.Text("ETag", $"\"{row.Etag}\"");
            xml.Text("Checksum" + row.Details.Checksum!.Algorithm, row.Details.Checksum.Value);
            xml.Text("ChecksumType", row.Details.Checksum.Type);
        });
    }

    private async Task<VersionRow> Once(S3Call call, string id, List<WantedPart> wanted)
    {
        try
        {
            // In one snapshot: an upload that ends meanwhile must not look like one without parts.
            var (upload, kept) = await db.Read(async r => (await UploadStore.Find(r, call.Bucket.Id, call.Key, id), await UploadStore.Parts(r, id)), call.Cancel);
            return upload is null ? await Done(call, id, wanted) : await Join(call, upload, wanted, kept);
        }
        catch (S3Fault fault) when (fault.Code == "NoSuchUpload")
        {
            // Completed by the same request twice at once, or aborted: what is there now tells.
            return await Done(call, id, wanted);
        }
    }

    // A client that lost the answer asks again and is told the same; so it is when the object was not overwritten meanwhile.
    private async Task<VersionRow> Done(S3Call call, string id, List<WantedPart> wanted)
    {
        var row = await db.Read(r => VersionStore.Latest(r, call.Bucket.Id, call.Key), call.Cancel);
        return row?.Details.UploadId == id && row.Details.Parts!.Count == wanted.Count ? row : throw Faults.NoSuchUpload(id);
    }

    private async Task<VersionRow> Join(S3Call call, UploadRow upload, List<WantedPart> wanted, List<PartRow> kept)
    {
        if (upload.Details is { Checksum: not null, Encryption.Kind: Encryption.Customer })
        {
            _ = await encryptions.ForRead(call, upload.Details.Encryption);
        }

        var conditions = Conditions.Write(call);
        PartClaims.CheckHeaders(call, upload.Details.Checksum);
        PartClaims.CheckParts(wanted, upload.Details.Checksum);
        WantedPart.CheckOrder(wanted);
        var parts = Chosen(upload, wanted, kept);
        var unused = kept.Except(parts).SelectMany(p => p.Blobs).ToArray();
        return await versions.Join(call, Draft(call, upload, parts), conditions, async tx =>
        {
            _ = await UploadStore.ForUpdate(tx, call.Bucket.Id, call.Key, upload.Id) ?? throw Faults.NoSuchUpload(upload.Id);
            var now = await UploadStore.Parts(tx, upload.Id);
            if (!now.Select(p => p.Content).SequenceEqual(kept.Select(p => p.Content)))
            {
                throw new S3Fault(409, "OperationAborted", "A conflicting conditional operation is currently in progress against this resource. Try again.");
            }

            await UploadStore.Delete(tx, upload.Id);
            await VersionStore.RemoveBlobs(tx, unused);
            tx.AfterCommit(() => bytes.Drop(unused));
            return kept.Sum(p => p.Size);
        });
    }

    private static VersionRow Draft(S3Call call, UploadRow upload, List<PartRow> parts)
    {
        var checksum = PartChecksums.Of(parts, upload.Details.Checksum?.Algorithm ?? Checksum.Default, upload.Details.Checksum?.Type ?? ObjectChecksum.FullObject);
        var claimed = call.Header(Checksum.Header(checksum.Algorithm));
        if (claimed is not null && claimed.Split('-')[0] != checksum.Value.Split('-')[0])
        {
            throw new S3Fault(400, "BadDigest", $"The {checksum.Algorithm} you specified did not match the calculated checksum.");
        }

        var size = parts.Sum(p => p.Size);
        if (call.Header("x-amz-mp-object-size") is { } declared && declared != size.ToString())
        {
            throw Faults.InvalidRequest($"The provided 'x-amz-mp-object-size' header value {declared} does not match what was computed: {size}");
        }

        var infos = parts.Select((p, i) => new PartInfo((int)p.Number, p.Size, checksum.Type == ObjectChecksum.Composite || upload.Details.Checksum is not null ? p.Checksum : null)).ToList();
        return new VersionRow
        {
            BucketId = upload.BucketId,
            ObjectKey = upload.ObjectKey,
            VersionId = "",
            Size = size,
            Etag = PartChecksums.Etag(parts),
            Content = new Content([.. parts.SelectMany(p => p.Pieces)], null).Text,
            Info = (upload.Details with { Replication = Deed.IsReplica(call) ? Deed.ReplicaStatus : null, Checksum = checksum, Parts = infos, UploadId = upload.Id }).Text,
            Acl = upload.Acl,
            Tags = upload.Tags,
            RetainMode = upload.RetainMode,
            RetainUntil = upload.RetainUntil,
            LegalHold = upload.LegalHold,
            OwnerId = upload.OwnerId,
            OwnerName = upload.OwnerName,
        };
    }

    private static List<PartRow> Chosen(UploadRow upload, List<WantedPart> wanted, List<PartRow> kept)
    {
        var byNumber = kept.ToDictionary(p => p.Number);
        var parts = new List<PartRow>();
        for (var i = 0; i < wanted.Count; i++)
        {
            var one = wanted[i];
            if (!byNumber.TryGetValue(one.Number, out var part) || part.Etag != one.Etag || (one.Checksum(upload.Details.Checksum?.Algorithm) is { } sum && sum != part.Checksum))
            {
                throw new S3Fault(400, "InvalidPart", "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.")
                {
                    Extra = [("UploadId", upload.Id), ("PartNumber", one.Number.ToString()), ("ETag", one.Etag)],
                };
            }

            if (i < wanted.Count - 1 && part.Size < LeastPart)
            {
                throw new S3Fault(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size")
                {
                    Extra = [("ProposedSize", part.Size.ToString()), ("MinSizeAllowed", LeastPart.ToString()), ("PartNumber", one.Number.ToString()), ("ETag", one.Etag)],
                };
            }

            parts.Add(part);
        }

        return parts;
    }
}
