using System.Text;
using Ciel.Services.ObjectStorage.Door;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Ciel.Services.ObjectStorage.Posting;

/// <summary>The fields of an upload form, lower-case, up to its file, which is last and is read as it comes (RFC 7578).</summary>
internal sealed record PostForm(Dictionary<string, string> Fields, string FileName, string? FileType, Stream File)
{
    private const int MostFields = 100;
    private const int LongestBoundary = 100;
    private const int LongestFields = 64 * 1024;

    public static async Task<PostForm> Read(S3Call call)
    {
        var type = MediaTypeHeaderValue.TryParse(call.Header("Content-Type"), out var parsed) ? parsed : null;
        if (type?.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase) != true)
        {
            throw new S3Fault(412, "PreconditionFailed", "Bucket POST must be of the enclosure-type multipart/form-data");
        }

        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value is { Length: > 0 and <= LongestBoundary } given ? given : throw Malformed();
        var reader = new MultipartReader(boundary, call.Http.Request.Body) { HeadersLengthLimit = 16 * 1024, BodyLengthLimit = null };
        var fields = new Dictionary<string, string>();
        var left = LongestFields;
        try
        {
            while (await reader.ReadNextSectionAsync(call.Cancel) is { } section)
            {
                var disposition = ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var d) ? d : throw Malformed();
                var name = HeaderUtilities.RemoveQuotes(disposition.Name).Value?.ToLowerInvariant() ?? throw Malformed();
                if (name == "file")
                {
                    return new PostForm(fields, HeaderUtilities.RemoveQuotes(disposition.FileName).Value ?? "", section.ContentType, section.Body);
                }

                fields[name] = fields.Count < MostFields ? await Text(section, left, call.Cancel) : throw Malformed();
                left -= fields[name].Length;
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException && !call.Cancel.IsCancellationRequested)
        {
            throw Malformed();
        }

        throw Faults.InvalidArgument("file", null, "POST requires exactly one file upload per request.");
    }

    private static async Task<string> Text(MultipartSection section, int most, CancellationToken cancel)
    {
        var buffer = new byte[most + 1];
        var length = await section.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel);
        return length <= most ? Encoding.UTF8.GetString(buffer, 0, length) : throw new S3Fault(400, "MaxPostPreDataLengthExceededError", "Your POST request fields preceding the upload file were too large.");
    }

    private static S3Fault Malformed() => new(400, "MalformedPOSTRequest", "The body of your POST request is not well-formed multipart/form-data.");
}
