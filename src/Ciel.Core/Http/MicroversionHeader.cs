using System.Globalization;
using Ciel.Core.Errors;
using Microsoft.AspNetCore.Http;

namespace Ciel.Core.Http;

/// <summary>Reads and echoes the microversion of a request: 406 for one that is not spoken, 400 for one that is malformed.</summary>
internal static class MicroversionHeader
{
    private const string Header = "OpenStack-API-Version";

    /// <summary>The minor version asked for; 0 where the API has none.</summary>
    public static int Read(HttpContext http, Microversions? versions)
    {
        if (versions is null)
        {
            return 0;
        }

        var asked = Asked(http.Request, versions);
        var minor = asked switch
        {
            null => versions.Min,
            "latest" => versions.Max,
            _ => Parse(asked, versions),
        };
        Echo(http.Response, versions, versions.Word(minor));
        return minor >= versions.Min && minor <= versions.Max
            ? minor
            : throw new Fault(406, "computeFault", $"Version {asked} is not supported by the API. Minimum is {versions.Word(versions.Min)} and maximum is {versions.Word(versions.Max)}.");
    }

    private static string? Asked(HttpRequest request, Microversions versions)
    {
        foreach (var line in request.Headers[Header])
        {
            foreach (var part in (line ?? "").Split(',', StringSplitOptions.TrimEntries))
            {
                if (part.StartsWith(versions.Service + " ", StringComparison.Ordinal))
                {
                    return part[(versions.Service.Length + 1)..].Trim();
                }
            }
        }

        return versions.LegacyHeader is { } legacy && request.Headers.TryGetValue(legacy, out var value) && value.Count > 0 ? value[0] : null;
    }

    private static int Parse(string asked, Microversions versions)
    {
        var parts = asked.Split('.');
        var wellFormed = parts.Length == 2 && parts.All(p => p.Length is > 0 and < 6 && p.All(char.IsAsciiDigit)) && (parts[0] == "0" || parts[0][0] != '0');
        if (!wellFormed)
        {
            throw Fault.BadRequest($"API Version String {asked} is of invalid format. Must be of format MajorNum.MinorNum.");
        }

        return parts[0] == versions.Major.ToString(CultureInfo.InvariantCulture) ? int.Parse(parts[1], CultureInfo.InvariantCulture) : int.MaxValue / 2;
    }

    private static void Echo(HttpResponse response, Microversions versions, string word)
    {
        response.Headers[Header] = $"{versions.Service} {word}";
        response.Headers.Append("Vary", Header);
        if (versions.LegacyHeader is { } legacy)
        {
            response.Headers[legacy] = word;
            response.Headers.Append("Vary", legacy);
        }
    }
}
