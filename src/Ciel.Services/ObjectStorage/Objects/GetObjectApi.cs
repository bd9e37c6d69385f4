using System.Globalization;
using System.Net;
using Ciel.Core.Errors;
using Ciel.Services.ObjectStorage.Body;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Encrypting;
using Ciel.Services.ObjectStorage.Lifecycle;
using Ciel.Services.ObjectStorage.Locking;
using Ciel.Services.ObjectStorage.Xml;
using Microsoft.AspNetCore.Http;

namespace Ciel.Services.ObjectStorage.Objects;

/// <summary>GetObject and HeadObject.</summary>
internal sealed class GetObjectApi(ObjectLookup lookup, ObjectBytes bytes, Encryptions encryptions) : IObjectApi
{
    private const int Tries = 10;

    public IEnumerable<Operation> Operations =>
    [
        new Operation("GetObject", "GET", Scope.Object, Get),
        new Operation("HeadObject", "HEAD", Scope.Object, Get),
    ];

    /// <summary>Answers with the object that the call names.</summary>
    public async Task Get(S3Call call)
    {
        for (var left = Tries; ; left--)
        {
            try
            {
                await Try(call);
                return;
            }
            catch (Fault gone) when (gone.Status == 404 && left > 0 && !call.Http.Response.HasStarted)
            {
                // Overwritten between the row and its bytes: the new version is there.
                continue;
            }
        }
    }

    private async Task Try(S3Call call)
    {
        Encryptions.RefuseOnRead(call);
        var row = await lookup.Find(call, "s3:GetObject", "READ");
        var part = Part(call, row);
        var key = await encryptions.ForRead(call, row.Details.Encryption);
        call.LoggedSize = row.Size;
        call.Answer(Deed.ReplicationHeader, row.Details.Replication);
        Describe(call, row);
        if (Conditions.NotModified(call, row))
        {
            call.Http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var range = part?.Range ?? ByteRange.Parse(call.Header("Range"), row.Size);
        var (offset, count) = range is { } r ? (r.Offset, r.Count) : (0, row.Size);
        ObjectHeaders.Write(call, row.Details);
        ObjectHeaders.Override(call);
        call.Http.Response.ContentLength = count;
        AnswerChecksum(call, row, part, range);
        if (range is not null)
        {
            call.Http.Response.StatusCode = (int)HttpStatusCode.PartialContent;
            call.Answer("Content-Range", $"bytes {offset}-{offset + count - 1}/{row.Size}");
        }

        if (!HttpMethods.IsHead(call.Http.Request.Method))
        {
            await bytes.Send(row.Bytes, key, offset, count, call.Http.Response.BodyWriter, call.Cancel);
        }
    }

    // A part has its own; of another range nothing is known.
    private static void AnswerChecksum(S3Call call, VersionRow row, PartChoice? part, ByteRange? range)
    {
        var value = part is not null ? part.Checksum : range is null ? row.Details.Checksum?.Value : null;
        if (value is not null && call.Header("x-amz-checksum-mode")?.Equals("ENABLED", StringComparison.OrdinalIgnoreCase) == true && row.Details.Checksum is { } checksum)
        {
            call.Answer(Checksum.Header(checksum.Algorithm), value);
            call.Answer("x-amz-checksum-type", checksum.Type);
        }
    }

    private sealed record PartChoice(ByteRange? Range, string? Checksum);

    private static void Describe(S3Call call, VersionRow row)
    {
        call.Answer("ETag", $"\"{row.Etag}\"");
        call.Answer("Last-Modified", Instants.Http(row.CreatedAt));
        call.Answer("Accept-Ranges", "bytes");
        if (call.Bucket.EverVersioned)
        {
            call.Answer("x-amz-version-id", row.VersionId);
        }

        var tags = TagSet.Parse(row.Tags);
        if (tags.Count > 0)
        {
            call.Answer("x-amz-tagging-count", tags.Count.ToString(CultureInfo.InvariantCulture));
        }

        call.Answer("x-amz-expiration", ExpirationHeader.Of(call.Bucket, row));
        Retention.Answer(call, row);
        Encryptions.Answer(call, row.Details.Encryption);
    }

    private static PartChoice? Part(S3Call call, VersionRow row)
    {
        if (call.Query("partNumber") is null)
        {
            return null;
        }

        if (call.Header("Range") is not null)
        {
            throw Faults.InvalidRequest("Cannot specify both Range header and partNumber query parameter");
        }

        var number = call.Number("partNumber", 1, 1, 10_000);
        var parts = row.Details.Parts;
        if (number > (parts?.Count ?? 1))
        {
            throw new S3Fault(400, "InvalidPart", "The requested partnumber is not satisfiable") { Extra = [("PartNumberRequested", $"{number}"), ("ActualPartCount", $"{parts?.Count ?? 1}")] };
        }

        if (parts is not null)
        {
            call.Answer("x-amz-mp-parts-count", parts.Count.ToString(CultureInfo.InvariantCulture));
        }

        return parts is null
            ? new PartChoice(row.Size == 0 ? null : new ByteRange(0, row.Size), row.Details.Checksum?.Value)
            : new PartChoice(row.Size == 0 ? null : new ByteRange(parts.Take(number - 1).Sum(p => p.Size), parts[number - 1].Size), parts[number - 1].Checksum);
    }
}
