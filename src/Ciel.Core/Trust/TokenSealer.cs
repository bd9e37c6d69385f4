using System.Buffers.Binary;
using System.Buffers.Text;
using Ciel.Core.Store;

namespace Ciel.Core.Trust;

/// <summary>
/// Makes and opens tokens: base64url(version, key number, nonce, AES-256-GCM(content)), about 150 characters. Keys change daily; an
/// old one stays until the last token that it sealed has expired.
/// </summary>
/// <param name="ring">The store's keys.</param>
/// <param name="db">The store, for its clock.</param>
/// <param name="secrets">Makes nonces and audit ids.</param>
/// <param name="options">How long tokens and their keys last.</param>
public sealed class TokenSealer(KeyRing ring, Db db, ISecrets secrets, TrustOptions options)
{
    private const byte Version = 1;
    private const int HeadSize = 5;
    private const int Longest = 1024;

    /// <summary>A new audit id.</summary>
    public string AuditId()
    {
        Span<byte> bytes = stackalloc byte[16];
        secrets.Fill(bytes);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Seals a token.</summary>
    public async ValueTask<string> Seal(TokenContent token, CancellationToken cancel = default)
    {
        var now = await db.Now(cancel);
        var key = await ring.Current(KeyRing.Tokens, now, options.TokenKeyAge, cancel);
        var whole = new byte[HeadSize];
        whole[0] = Version;
        BinaryPrimitives.WriteUInt32BigEndian(whole.AsSpan(1), checked((uint)key.Number));
        return Base64Url.EncodeToString([.. whole, .. key.Encrypt(TokenCodec.Write(token), whole, secrets)]);
    }

    /// <summary>Opens a token; null for anything that was not sealed here. Whether it has expired or was revoked is the caller's question.</summary>
    public async ValueTask<TokenContent?> Open(string text, CancellationToken cancel = default)
    {
        if (text.Length > Longest || Decode(text) is not { } whole || whole.Length < HeadSize || whole[0] != Version)
        {
            return null;
        }

        var key = await ring.Find(BinaryPrimitives.ReadUInt32BigEndian(whole.AsSpan(1)), cancel);
        var plain = key is { Purpose: KeyRing.Tokens } ? key.Decrypt(whole.AsSpan(HeadSize), whole.AsSpan(0, HeadSize)) : null;
        return plain is null ? null : TokenCodec.Read(plain);
    }

    /// <summary>Forgets keys whose last token has expired.</summary>
    public async Task ForgetOldKeys(CancellationToken cancel = default)
    {
        var longest = options.TokenKeyAge + options.TokenLifetime + TimeSpan.FromHours(1);
        await ring.Forget(KeyRing.Tokens, await db.Now(cancel) - (long)longest.TotalMicroseconds, cancel);
    }

    // Only the one spelling of each token is taken: no padding, no blanks, no stray low bits.
    private static byte[]? Decode(string text)
    {
        if (!Base64Url.IsValid(text, out var size))
        {
            return null;
        }

        var bytes = new byte[size];
        return Base64Url.TryDecodeFromChars(text, bytes, out _) && Base64Url.EncodeToString(bytes) == text ? bytes : null;
    }
}
