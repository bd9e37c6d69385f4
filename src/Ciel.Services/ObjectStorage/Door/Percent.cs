using System.Buffers;
using System.Text;

namespace Ciel.Services.ObjectStorage.Door;

/// <summary>Percent-encoding as SigV4 and S3's listings have it (RFC 3986, upper-case hex; only letters, digits and <c>-_.~</c> stay).</summary>
internal static class Percent
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~");

    /// <summary>Decodes; a percent sign without two digits stays as it is.</summary>
    /// <exception cref="S3Fault">400 where the bytes are no UTF-8, or hold a NUL, which no name may.</exception>
    public static string Decode(ReadOnlySpan<char> text, bool plusIsSpace = false)
    {
        var bytes = new ArrayBufferWriter<byte>(text.Length + 8);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                bytes.Write([Convert.FromHexString(text.Slice(i + 1, 2))[0]]);
                i += 2;
            }
            else if (text[i] < 0x80)
            {
                bytes.Write([(byte)(text[i] == '+' && plusIsSpace ? ' ' : text[i])]);
            }
            else
            {
                // Headers come decoded; a lone surrogate becomes what no key has.
                _ = Rune.DecodeFromUtf16(text[i..], out var rune, out var length);
                bytes.Advance(rune.EncodeToUtf8(bytes.GetSpan(4)));
                i += length - 1;
            }
        }

        try
        {
            var decoded = Strict.GetString(bytes.WrittenSpan);
            return decoded.Contains('\0') ? throw Faults.InvalidArgument("uri", null, "Names may not hold a NUL character.") : decoded;
        }
        catch (DecoderFallbackException)
        {
            throw new S3Fault(400, "InvalidURI", "Couldn't parse the specified URI: it is not UTF-8.");
        }
    }

    /// <summary>Whether each percent sign begins an escape.</summary>
    public static bool IsEncoded(ReadOnlySpan<char> text)
    {
        for (var i = text.IndexOf('%'); i >= 0;)
        {
            if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
            {
                return false;
            }

            var next = text[(i + 3)..].IndexOf('%');
            i = next < 0 ? -1 : i + 3 + next;
        }

        return true;
    }

    /// <summary>Encodes.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="keep">Further characters that stay, such as a path's slashes.</param>
    public static string Encode(string text, string keep = "")
    {
        if (!text.AsSpan().ContainsAnyExcept(Plain))
        {
            return text;
        }

        var result = new StringBuilder(text.Length + 16);
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            _ = b < 0x80 && (Plain.Contains((char)b) || keep.Contains((char)b)) ? result.Append((char)b) : result.Append('%').Append(b.ToString("X2"));
        }

        return result.ToString();
    }
}
