using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Ciel.Core.Errors;
using Ciel.Core.Http;

namespace Ciel.Services.Compute;

/// <summary>Fields that several bodies about servers share (nova/api/validation/parameter_types.py says the same in schemas).</summary>
internal static partial class ServerFields
{
    public const int MaxUserData = 65535;
    public const int MaxTags = 50;
    public const int MaxTagLength = 60;

    public static string? Name(Input input, bool required)
    {
        var name = required ? input.String("name", 1) : input.OptionalString("name", 1);
        if (name is not null && !NamePattern().IsMatch(name))
        {
            throw input.Refuse("name", name, $"'{name}' can not contain leading or trailing spaces, nor characters that cannot be printed");
        }

        return name;
    }

    /// <summary>A reference by id, or by a link that ends in it.</summary>
    public static string Ref(Input input, string name)
    {
        var raw = input.Raw(name);
        var text = raw is { ValueKind: System.Text.Json.JsonValueKind.Number } ? raw.Value.GetRawText() : input.String(name, 1, 1024);
        return text[(text.TrimEnd('/').LastIndexOf('/') + 1)..].TrimEnd('/');
    }

    public static string DiskConfig(Input input, string otherwise) => input.OptionalChoice("OS-DCF:diskConfig", "AUTO", "MANUAL") ?? otherwise;

    /// <summary>An address of that family; null where it is missing, empty where it is cleared.</summary>
    public static string? Address(Input input, string name, AddressFamily family)
    {
        var text = input.OptionalString(name, 0, 64);
        if (text is null or "")
        {
            return text;
        }

        var fits = IPAddress.TryParse(text, out var address) && address.AddressFamily == family
            && (family != AddressFamily.InterNetwork || text.Count(c => c == '.') == 3);
        return fits ? Ipv6Text.Canonical(address!) : throw input.Refuse(name, text, $"'{text}' is not a '{(family == AddressFamily.InterNetwork ? "ipv4" : "ipv6")}'");
    }

    public static string? UserData(Input input)
    {
        var text = input.OptionalString("user_data", 0, MaxUserData);
        return text is null || Base64.IsValid(text) ? text : throw input.Refuse("user_data", "…", "it is not a 'base64'");
    }

    public static string? Description(Input input)
    {
        var text = input.OptionalString("description", 0, 255);
        return text is null || Printable().IsMatch(text) ? text : throw input.Refuse("description", text, "it contains characters that cannot be printed");
    }

    /// <summary>A host name that a client chooses (2.90).</summary>
    public static string? HostName(Input input)
    {
        var text = input.OptionalString("hostname", 2, 63);
        return text is null || HostPattern().IsMatch(text) ? text : throw input.Refuse("hostname", text, $"'{text}' does not match '^[a-zA-Z0-9]+[a-zA-Z0-9-]*[a-zA-Z0-9]+$'");
    }

    public static IReadOnlyDictionary<string, string> Metadata(Input input, string name)
    {
        var map = input.OptionalMap(name) ?? new Dictionary<string, string>();
        foreach (var key in map.Keys)
        {
            CheckMetadataKey(input, key);
        }

        return map;
    }

    public static void CheckMetadataKey(Input input, string key)
    {
        if (!MetadataKey().IsMatch(key))
        {
            throw input.Refuse("metadata", key, $"'{key}' does not match any of the regexes: '^[a-zA-Z0-9-_:. ]{{1,255}}$'");
        }
    }

    public static IReadOnlyList<string> Tags(Input input)
    {
        var tags = input.OptionalStrings("tags", MaxTags, MaxTagLength) ?? [];
        foreach (var tag in tags)
        {
            CheckTag(tag);
        }

        return [.. tags.Distinct()];
    }

    /// <exception cref="Fault">400.</exception>
    public static void CheckTag(string tag)
    {
        if (tag.Length is 0 or > MaxTagLength || tag.Contains('/', StringComparison.Ordinal) || tag.Contains(',', StringComparison.Ordinal))
        {
            throw Fault.BadRequest($"Invalid input for field/attribute tag. Value: {tag}. '{tag}' does not match '^[^,/]*$' or is not 1 to {MaxTagLength} characters long");
        }
    }

    /// <exception cref="Fault">400.</exception>
    public static string Uuid(Input input, string name, string value) => Guid.TryParseExact(value, "D", out _) || Guid.TryParseExact(value, "N", out _)
        ? value
        : throw input.Refuse(name, value, $"'{value}' is not a 'uuid'");

    /// <summary>A name as DNS takes it.</summary>
    public static string ToHostName(string name, string id)
    {
        var text = NotHost().Replace(Blank().Replace(name, "-").ToLowerInvariant(), "").Replace('.', '-').Trim('-');
        return text.Length == 0 ? "server-" + id : text.Length <= 63 ? text : text[..63].TrimEnd('-');
    }

    [GeneratedRegex(@"\A(?!\s)[^\p{Cc}\p{Cs}\p{Cn}]*(?<!\s)\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"\A[^\p{Cs}\p{Cn}\x00-\x08\x0b\x0c\x0e-\x1f]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Printable();

    [GeneratedRegex(@"\A[a-zA-Z0-9]+[a-zA-Z0-9-]*[a-zA-Z0-9]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex HostPattern();

    [GeneratedRegex(@"\A[a-zA-Z0-9_:. -]{1,255}\z", RegexOptions.CultureInvariant)]
    private static partial Regex MetadataKey();

    [GeneratedRegex("[ _]", RegexOptions.CultureInvariant)]
    private static partial Regex Blank();

    [GeneratedRegex(@"[^a-z0-9.-]", RegexOptions.CultureInvariant)]
    private static partial Regex NotHost();
}
