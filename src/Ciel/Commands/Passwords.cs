using Ciel.Core.Host;

namespace Ciel.Commands;

/// <summary>Random passwords: 128 bits in letters and digits that nobody confuses.</summary>
internal static class Passwords
{
    private const string Letters = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    /// <summary>A new one, 24 characters.</summary>
    public static string Random()
    {
        Span<byte> bytes = stackalloc byte[48];
        new SystemSecrets().Fill(bytes);
        var text = new char[24];
        for (var i = 0; i < text.Length; i++)
        {
            // Two bytes for each character keep the bias of the remainder below one in a thousand.
            text[i] = Letters[((bytes[2 * i] << 8) | bytes[(2 * i) + 1]) % Letters.Length];
        }

        return new string(text);
    }
}
