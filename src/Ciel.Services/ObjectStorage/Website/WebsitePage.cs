using System.Net;
using System.Text;
using Ciel.Services.ObjectStorage.Door;

namespace Ciel.Services.ObjectStorage.Website;

/// <summary>The pages that a website has where its bucket has none.</summary>
internal static class WebsitePage
{
    public static byte[] Error(S3Fault fault, string requestId)
    {
        var title = $"{fault.Status} {Phrase(fault.Status)}";
        var items = fault.Extra.Prepend(("Message", fault.Message)).Prepend(("Code", fault.Code)).Append(("RequestId", requestId));
        return Html(title, $"<h1>{title}</h1>\n<ul>\n{string.Concat(items.Select(i => $"<li>{WebUtility.HtmlEncode(i.Item1)}: {WebUtility.HtmlEncode(i.Item2)}</li>\n"))}</ul>\n<hr/>");
    }

    private static byte[] Html(string title, string body) => Encoding.UTF8.GetBytes($"<!DOCTYPE html>\n<html>\n<head><meta charset=\"utf-8\"><title>{title}</title></head>\n<body>\n{body}\n</body>\n</html>\n");

    private static string Phrase(int status) => status switch
    {
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        412 => "Precondition Failed",
        416 => "Requested Range Not Satisfiable",
        _ => "Error",
    };
}
