using System.Text.RegularExpressions;

namespace Ciel.Services.Identity.Catalog;

/// <summary>
/// Endpoints' URLs. Ciel's own are stored relative to the cloud door and shown under the host that the client asked, so that a moved
/// host or port keeps working.
/// </summary>
internal static partial class Urls
{
    /// <summary>Stands for the cloud door.</summary>
    public const string Base = "%(base)s";

    /// <summary>Stands for the objects door.</summary>
    public const string Objects = "%(objects)s";

    /// <summary>The URL as a client sees it in lists of endpoints.</summary>
    public static string Shown(string url, string cloud) => url.Replace(Base, cloud, StringComparison.Ordinal).Replace(Objects, NextDoor(cloud), StringComparison.Ordinal);

    /// <summary>The URL in a token's catalog; null where it needs a project and there is none.</summary>
    public static string? InCatalog(string url, string cloud, string? projectId)
    {
        var text = Shown(url, cloud);
        return projectId is null && Project().IsMatch(text) ? null : Project().Replace(text, projectId ?? "");
    }

    private static string NextDoor(string cloud)
    {
        var url = new UriBuilder(cloud);
        url.Port++;
        return url.Uri.GetLeftPart(UriPartial.Authority);
    }

    [GeneratedRegex(@"[%$]\((?:project_id|tenant_id)\)s")]
    private static partial Regex Project();
}
