using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Ciel.Services.Compute;

/// <summary>OpenSSH public keys (RFC 4253, 6.6).</summary>
internal static class SshKey
{
    private static readonly string[] Types =
    [
        "ssh-rsa", "ssh-dss", "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
        "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com",
    ];

    /// <summary>The fingerprint of a line <c>type base64 comment</c>; null where it is no public key.</summary>
    public static string? Fingerprint(string line)
    {
        var parts = line.Split([' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 2 || !Types.Contains(parts[0]))
        {
            return null;
        }

        var blob = new byte[parts[1].Length];
        return Convert.TryFromBase64String(parts[1], blob, out var length) && WellFormed(blob.AsSpan(0, length), parts[0])
            ? Digest(blob.AsSpan(0, length))
            : null;
    }

    /// <summary>A new 2048-bit RSA pair: the private key as PEM, the public key as a line. Takes about 100 ms of CPU.</summary>
    public static (string Private, string Public) Generate()
    {
        using var rsa = RSA.Create(2048);
        var key = rsa.ExportParameters(false);
        using var blob = new MemoryStream();
        Append(blob, Encoding.ASCII.GetBytes("ssh-rsa"));
        Append(blob, Positive(key.Exponent!));
        Append(blob, Positive(key.Modulus!));
        return (rsa.ExportRSAPrivateKeyPem() + "\n", $"ssh-rsa {Convert.ToBase64String(blob.ToArray())} Generated-by-Nova");
    }

    // The blob is a row of length-prefixed strings, the first of which names the type.
    private static bool WellFormed(ReadOnlySpan<byte> blob, string type)
    {
        for (var field = 0; ; field++)
        {
            if (blob.Length < 4 || BinaryPrimitives.ReadInt32BigEndian(blob) is var length && (length < 0 || length > blob.Length - 4))
            {
                return false;
            }

            if (field == 0 && !blob.Slice(4, length).SequenceEqual(Encoding.ASCII.GetBytes(type)))
            {
                return false;
            }

            blob = blob[(4 + length)..];
            if (blob.IsEmpty)
            {
                return field > 0;
            }
        }
    }

    private static string Digest(ReadOnlySpan<byte> blob)
    {
#pragma warning disable CA5351 // The API shows MD5 fingerprints; nothing here relies on them.
        var digest = MD5.HashData(blob);
#pragma warning restore CA5351
        return string.Join(':', digest.Select(b => b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
    }

    private static byte[] Positive(byte[] number) => (number[0] & 0x80) == 0 ? number : [0, .. number];

    private static void Append(MemoryStream blob, byte[] field)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, field.Length);
        blob.Write(length);
        blob.Write(field);
    }
}
