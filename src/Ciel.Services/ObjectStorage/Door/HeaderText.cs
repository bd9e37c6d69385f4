namespace Ciel.Services.ObjectStorage.Door;

/// <summary>What stands in headers.</summary>
internal static class HeaderText
{
    /// <summary>A value that can be sent: what users stored, or ask for in a link, may hold line ends and other control characters, which no header may.</summary>
    public static string Value(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)) : text;

    /// <summary>Whether it can be a header's name (RFC 9110, 5.6.2).</summary>
    public static bool IsName(string text) => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal));
}
