using System.Globalization;
using Ciel.Services.ObjectStorage.Body;
using Ciel.Services.ObjectStorage.Objects;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Ciel.Services.ObjectStorage.Swift;

/// <summary>Uploads from a web page's form, signed by a temporary URL's key over path, redirect, limits and expiry.</summary>
internal sealed class FormPosts(Containers containers, SwiftObjects objects, TempUrls keys)
{
    private const int LongestField = 4096;
    private const int MostFields = 50;

    public static bool IsForm(SwiftCall call) => call.Header("Content-Type")?.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) == true;

    public async Task Take(SwiftCall call)
    {
        var boundary = MediaTypeHeaderValue.TryParse(call.Header("Content-Type"), out var type) ? HeaderUtilities.RemoveQuotes(type.Boundary).Value : null;
        if (string.IsNullOrEmpty(boundary) || boundary.Length > 100)
        {
            throw SwiftFaults.BadRequest("The form has no boundary.");
        }

        var reader = new MultipartReader(boundary, call.Http.Request.Body) { HeadersLengthLimit = 16 * 1024, BodyLengthLimit = null };
        var fields = new Dictionary<string, string>();
        var taken = 0;
        try
        {
            while (await reader.ReadNextSectionAsync(call.Cancel) is { } section)
            {
                var disposition = ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var d) ? d : throw SwiftFaults.BadRequest("A field has no name.");
                if (HeaderUtilities.RemoveQuotes(disposition.FileName).Value is not { Length: > 0 } file)
                {
                    var text = fields.Count < MostFields ? await Text(section, call.Cancel) : throw SwiftFaults.BadRequest("The form has too many fields.");
                    if (taken == 0)
                    {
                        // What stands behind a file is not what was signed.
                        fields[HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? ""] = text;
                    }

                    continue;
                }

                if (taken == 0)
                {
                    await Require(call, fields);
                }

                taken = taken < Number(fields, "max_file_count") ? taken + 1 : throw SwiftFaults.BadRequest("max file count exceeded");
                await Store(call, fields, file, section);
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException && !call.Cancel.IsCancellationRequested)
        {
            throw SwiftFaults.BadRequest("The form ends before its fields do.");
        }

        await Answer(call, fields, taken);
    }

    private async Task Store(SwiftCall call, Dictionary<string, string> fields, string file, MultipartSection section)
    {
        var bucket = await containers.Require(call, call.Container);
        var key = (call.Target.Object ?? "") + file;
        SwiftTarget.Limit("Object", key, 1024);
        var most = Number(fields, "max_file_size");
        var info = new ObjectInfo { Headers = new() { ["Content-Type"] = section.ContentType ?? SwiftObjects.DefaultType } };
        await objects.Store(call, bucket, key, new Posting.LimitedStream(section.Body, (0, most)), info, new Expected());
    }

    private async Task Require(SwiftCall call, Dictionary<string, string> fields)
    {
        call.Actor = null;
        var text = string.Join('\n', call.Target.Path, fields.GetValueOrDefault("redirect", ""), fields.GetValueOrDefault("max_file_size", ""), fields.GetValueOrDefault("max_file_count", ""), fields.GetValueOrDefault("expires", ""));
        if (Number(fields, "expires") <= call.Now / 1_000_000)
        {
            throw new Door.S3Fault(401, "Unauthorized", "FormPost: Form Expired");
        }

        if (!await keys.Opens(call, fields.GetValueOrDefault("signature", ""), text))
        {
            throw new Door.S3Fault(401, "Unauthorized", "FormPost: Invalid Signature");
        }
    }

    private static async Task Answer(SwiftCall call, Dictionary<string, string> fields, int taken)
    {
        if (taken == 0)
        {
            throw SwiftFaults.BadRequest("no files to process");
        }

        if (Uri.TryCreate(fields.GetValueOrDefault("redirect"), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
        {
            call.Answer("Location", $"{fields["redirect"]}{(uri.Query.Length > 0 ? "&" : "?")}status=201&message=");
            await call.Empty(StatusCodes.Status303SeeOther);
            return;
        }

        await call.Empty(201);
    }

    private static long Number(Dictionary<string, string> fields, string name) =>
        long.TryParse(fields.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw SwiftFaults.BadRequest($"{name} is not an integer");

    private static async Task<string> Text(MultipartSection section, CancellationToken cancel)
    {
        var buffer = new byte[LongestField + 1];
        var length = await section.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel);
        return length <= LongestField ? System.Text.Encoding.UTF8.GetString(buffer, 0, length) : throw SwiftFaults.BadRequest("A field is too long.");
    }
}
