using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Ciel.Core.Store;

namespace Ciel.Core.Trust;

/// <summary>Seals secrets that must be read again (S3 keys, one-time password seeds): <c>number:base64url</c>, AES-256-GCM.</summary>
/// <param name="ring">The store's keys.</param>
/// <param name="db">The store, for its clock.</param>
/// <param name="secrets">Makes nonces.</param>
public sealed class Envelope(KeyRing ring, Db db, ISecrets secrets)
{
    /// <summary>Seals a text. What it is about, such as the row's id, is bound to it.</summary>
    public async ValueTask<string> Seal(string plain, string about, CancellationToken cancel = default)
    {
        var key = await ring.Current(KeyRing.Secrets, await db.Now(cancel), TimeSpan.MaxValue, cancel);
        var whole = key.Encrypt(Encoding.UTF8.GetBytes(plain), Encoding.UTF8.GetBytes(about), secrets);
        return $"{key.Number.ToString(CultureInfo.InvariantCulture)}:{Base64Url.EncodeToString(whole)}";
    }

    /// <summary>Opens what was sealed about the same thing.</summary>
    /// <exception cref="InvalidOperationException">The key is gone, or the text is not what was sealed.</exception>
    public async ValueTask<string> Open(string text, string about, CancellationToken cancel = default) =>
        await TryOpen(text, about, cancel) ?? throw new InvalidOperationException($"The secret of {about} cannot be opened.");

    /// <summary>As <see cref="Open"/>, for a text that comes from outside: null where it is not what was sealed about that.</summary>
    public async ValueTask<string?> TryOpen(string text, string about, CancellationToken cancel = default)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var key = colon > 0 && long.TryParse(text.AsSpan(0, colon), CultureInfo.InvariantCulture, out var number) ? await ring.Find(number, cancel) : null;
        var plain = key is { Purpose: KeyRing.Secrets } && Base64Url.IsValid(text.AsSpan(colon + 1))
            ? key.Decrypt(Base64Url.DecodeFromChars(text.AsSpan(colon + 1)), Encoding.UTF8.GetBytes(about))
            : null;
        return plain is null ? null : Encoding.UTF8.GetString(plain);
    }
}
