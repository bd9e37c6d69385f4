using System.Net;
using System.Text;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Listing;

namespace Ciel.Services.ObjectStorage.Swift;

/// <summary>A container as a web site, for whoever comes without a token: an index, a listing, an error page.</summary>
internal sealed class StaticWeb(SwiftObjects objects, SwiftListing listing)
{
    /// <summary>Answers a request for the container itself; false where it is no web site for the caller.</summary>
    public async Task<bool> Index(SwiftCall call, BucketRow bucket)
    {
        var meta = ContainerSettings.Of(bucket).Meta;
        if (!IsVisitor(call))
        {
            return false;
        }

        if (meta.GetValueOrDefault("web-index") is { Length: > 0 } index && await objects.Find(call, bucket, index) is { } row)
        {
            SwiftAccess.Read(call, bucket, index, row);
            await objects.Send(call, bucket, row);
            return true;
        }

        if (!SwiftListing.IsTrue(meta.GetValueOrDefault("web-listings")))
        {
            return false;
        }

        SwiftAccess.List(call, bucket);
        await Listing(call, bucket, "", meta.GetValueOrDefault("web-listings-css"));
        return true;
    }

    /// <summary>Answers for an object that is not there: a folder's index or listing, the site's own error page, or 404.</summary>
    public async Task Missing(SwiftCall call, BucketRow bucket)
    {
        var meta = ContainerSettings.Of(bucket).Meta;
        if (!IsVisitor(call))
        {
            throw SwiftFaults.NotFound();
        }

        var folder = call.Object.EndsWith('/') ? call.Object : call.Object + "/";
        if (meta.GetValueOrDefault("web-index") is { Length: > 0 } index && await objects.Find(call, bucket, folder + index) is { } row)
        {
            SwiftAccess.Read(call, bucket, folder + index, row);
            await objects.Send(call, bucket, row);
            return;
        }

        if (SwiftListing.IsTrue(meta.GetValueOrDefault("web-listings")) && call.Object.EndsWith('/')
            && SwiftAcl.Allows(ContainerSettings.Of(bucket).Read, call.Actor, call.Header("Referer"), listing: true))
        {
            await Listing(call, bucket, folder, meta.GetValueOrDefault("web-listings-css"));
            return;
        }

        if (meta.GetValueOrDefault("web-error") is { Length: > 0 } page && await objects.Find(call, bucket, "404" + page) is { } error)
        {
            var (bytes, size) = await objects.Open(call, bucket, error);
            await using var _ = bytes;
            call.Http.Response.StatusCode = 404;
            call.Answer("Content-Type", error.Details.Headers.GetValueOrDefault("Content-Type", SwiftObjects.DefaultType));
            call.Http.Response.ContentLength = size;
            await (call.IsHead ? Task.CompletedTask : bytes.CopyToAsync(call.Http.Response.Body, call.Cancel));
            return;
        }

        throw SwiftFaults.NotFound();
    }

    private static bool IsVisitor(SwiftCall call) => !call.Signed && (call.Actor is null || SwiftListing.IsTrue(call.Header("X-Web-Mode")));

    private async Task Listing(SwiftCall call, BucketRow bucket, string folder, string? css)
    {
        var lines = await listing.Forward(call, bucket, new ListQuery(folder, "/", SwiftListing.Most, Encode: false), "", "");
        var title = WebUtility.HtmlEncode($"Listing of {call.Target.Path}");
        var page = new StringBuilder("<!DOCTYPE html>\n<html>\n<head>\n<title>").Append(title).Append("</title>\n");
        if (css is { Length: > 0 })
        {
            page.Append("<link rel=\"stylesheet\" type=\"text/css\" href=\"").Append(WebUtility.HtmlEncode(css)).Append("\" />\n");
        }

        page.Append("</head>\n<body>\n<h1 id=\"title\">").Append(title).Append("</h1>\n<table id=\"listing\">\n");
        foreach (var name in lines.Select(line => line.Name[folder.Length..]))
        {
            page.Append("<tr class=\"item\"><td class=\"colname\"><a href=\"./").Append(WebUtility.HtmlEncode(Door.Percent.Encode(name, "/"))).Append("\">").Append(WebUtility.HtmlEncode(name)).Append("</a></td></tr>\n");
        }

        await call.Text(200, Encoding.UTF8.GetBytes(page.Append("</table>\n</body>\n</html>\n").ToString()), "text/html; charset=UTF-8");
    }
}
