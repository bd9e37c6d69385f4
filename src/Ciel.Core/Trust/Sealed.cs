using System.Security.Cryptography;

namespace Ciel.Core.Trust;

/// <summary>AES-256-GCM in one layout: 12 bytes nonce, 16 bytes tag, the ciphertext.</summary>
internal static class Sealed
{
    public const int TagSize = 16;
    public const int NonceSize = 12;
    public const int Overhead = NonceSize + TagSize;

    /// <summary>Encrypts; what it is about is bound to it and must be given again to open it.</summary>
    public static byte[] Encrypt(AesGcm aes, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> about, ISecrets secrets)
    {
        var result = new byte[Overhead + plain.Length];
        var nonce = result.AsSpan(0, NonceSize);
        secrets.Fill(nonce);
        aes.Encrypt(nonce, plain, result.AsSpan(Overhead), result.AsSpan(NonceSize, TagSize), about);
        return result;
    }

    /// <summary>Decrypts; null where it is not what was sealed.</summary>
    public static byte[]? Decrypt(AesGcm aes, ReadOnlySpan<byte> whole, ReadOnlySpan<byte> about)
    {
        if (whole.Length < Overhead)
        {
            return null;
        }

        var plain = new byte[whole.Length - Overhead];
        try
        {
            aes.Decrypt(whole[..NonceSize], whole[Overhead..], whole.Slice(NonceSize, TagSize), plain, about);
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
