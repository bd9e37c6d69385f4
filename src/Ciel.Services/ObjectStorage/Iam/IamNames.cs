using System.Text.RegularExpressions;
using System.Xml.Linq;
using Ciel.Services.ObjectStorage.Query;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Iam;

/// <summary>Names, paths and ARNs of IAM ("IAM and AWS STS quotas", names).</summary>
internal static partial class IamNames
{
    private const int LongestName = 64;
    private const int LongestGroup = 128;

    /// <summary>The name in a parameter, such as <c>UserName</c>.</summary>
    public static string Name(this QueryCall query, string parameter)
    {
        var name = query.Required(parameter, parameter.StartsWith("Group", StringComparison.Ordinal) || parameter == "PolicyName" ? LongestGroup : LongestName);
        return GoodName().IsMatch(name) ? name : throw QueryFaults.Invalid($"The specified value for {parameter} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-");
    }

    public static string? OptionalName(this QueryCall query, string parameter) => query[parameter] is null or "" ? null : query.Name(parameter);

    public static string Path(this QueryCall query, string parameter = "Path", string otherwise = "/")
    {
        var path = query.Optional(parameter, 512) ?? otherwise;
        return GoodPath().IsMatch(path) ? path : throw QueryFaults.Invalid($"The specified value for {parameter} is invalid. It must begin and end with / and contain only ASCII characters.");
    }

    /// <summary>The ARN of what may not exist yet.</summary>
    public static string Arn(this QueryCall query, string kind, string name, string path = "/") => $"arn:aws:iam::{query.Account()}:{kind}{path}{name}";

    /// <summary>The name at the end of an ARN of that account and kind; null for other ARNs. The account may be left out.</summary>
    public static string? Named(string arn, string account, string kind)
    {
        var parts = arn.Split(':', 6);
        return parts is ["arn", _, "iam", _, var of, var what] && (of == account || of.Length == 0) && what.StartsWith(kind + "/", StringComparison.Ordinal)
            ? kind == IamKinds.Provider ? what[(kind.Length + 1)..] : what[(what.LastIndexOf('/') + 1)..]
            : null;
    }

    /// <summary>One page of a list with its marks.</summary>
    public static XElement[] Page<T>(this QueryCall query, string element, IEnumerable<T> sorted, Func<T, string> mark, Func<T, XElement> view, params XElement[] before)
    {
        var most = query.Number("MaxItems", 100, 1, 1000);
        var rest = sorted.Where(item => string.CompareOrdinal(mark(item), query["Marker"] ?? "") > 0).Take(most + 1).ToList();
        var page = rest.Take(most).ToList();
        XElement[] head = [.. before, new XElement(element, page.Select(view)), new XElement("IsTruncated", rest.Count > most)];
        return rest.Count > most ? [.. head, new XElement("Marker", mark(page[^1]))] : head;
    }

    public static XElement Created(this IamRow row) => new("CreateDate", Instants.Iso(Instants.Seconds(row.CreatedAt)));

    public static XElement? Tagged(this IamRow row) => row.Content.Tags.Count == 0 ? null
        : new XElement("Tags", row.Content.Tags.Select(t => new XElement("member", new XElement("Key", t.Key), new XElement("Value", t.Value))));

    [GeneratedRegex(@"\A[A-Za-z0-9+=,.@_-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex GoodName();

    [GeneratedRegex(@"\A/([!-~]*/)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex GoodPath();
}
