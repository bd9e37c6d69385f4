using System.Globalization;
using System.Text;

namespace Ciel.Agent.Drivers.LinuxNet;

/// <summary>The head of a guest's HTTP/1 request (RFC 9112), as much of it as metadata needs.</summary>
internal sealed record HttpHead(string Method, string Path, IReadOnlyDictionary<string, string> Headers, int Length, bool KeepAlive)
{
    /// <summary>The longest head that is read.</summary>
    public const int LongestHead = 16 * 1024;

    /// <summary>The longest body that is read.</summary>
    public const int LongestBody = 64 * 1024;

    private const int MostHeaders = 64;

    /// <summary>Reads a head, up to but without its empty line.</summary>
    /// <returns>Null and the status to refuse it with; or the head and 0.</returns>
    public static (HttpHead? Head, int Refusal) Parse(ReadOnlySpan<byte> bytes)
    {
        var lines = Encoding.Latin1.GetString(bytes).Split("\r\n");
        var words = lines[0].Split(' ');
        if (words.Length != 3 || words[2] is not ("HTTP/1.0" or "HTTP/1.1") || !IsPath(words[1]) || lines.Length - 1 > MostHeaders)
        {
            return (null, 400);
        }

        if (words[0] is not ("GET" or "HEAD" or "PUT" or "POST"))
        {
            return (null, 405);
        }

        var headers = new Dictionary<string, string>();
        foreach (var line in lines.AsSpan(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1 || !line.AsSpan(0, colon).ContainsOnlyToken() || line.AsSpan().ContainsControl()
                || !headers.TryAdd(line[..colon].ToLowerInvariant(), line[(colon + 1)..].Trim(' ', '\t')))
            {
                return (null, 400);
            }
        }

        return Bounded(words, headers);
    }

    private static (HttpHead? Head, int Refusal) Bounded(string[] words, Dictionary<string, string> headers)
    {
        if (headers.ContainsKey("transfer-encoding"))
        {
            return (null, 411);
        }

        var length = 0;
        if (headers.TryGetValue("content-length", out var text)
            && !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out length))
        {
            return (null, text.Length > 0 && text.All(char.IsAsciiDigit) ? 413 : 400);
        }

        if (length > LongestBody)
        {
            return (null, 413);
        }

        var connection = headers.GetValueOrDefault("connection", "").ToLowerInvariant();
        var keepAlive = words[2] == "HTTP/1.1" ? connection != "close" : connection == "keep-alive";
        return (new HttpHead(words[0], words[1], headers, length, keepAlive), 0);
    }

    private static bool IsPath(string target) => target.StartsWith('/') && target.All(letter => letter is > ' ' and <= '~');
}

/// <summary>What may stand in a header.</summary>
internal static class HttpCharacters
{
    private const string Marks = "!#$%&'*+-.^_`|~";

    /// <summary>Whether a name is a token (RFC 9110, 5.6.2).</summary>
    public static bool ContainsOnlyToken(this ReadOnlySpan<char> name)
    {
        foreach (var letter in name)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && !Marks.Contains(letter, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    public static bool ContainsControl(this ReadOnlySpan<char> text)
    {
        foreach (var letter in text)
        {
            if (char.IsControl(letter) && letter != '\t')
            {
                return true;
            }
        }

        return false;
    }
}
