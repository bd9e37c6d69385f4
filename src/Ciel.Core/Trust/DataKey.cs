using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Ciel.Core.Trust;

/// <summary>A key of the store, unwrapped. An AesGcm serves one thread at a time, so each key keeps a few.</summary>
/// <param name="number">Stands beside each ciphertext.</param>
/// <param name="purpose">What it may seal.</param>
/// <param name="createdAt">µs UTC.</param>
/// <param name="key">32 bytes.</param>
internal sealed class DataKey(long number, string purpose, long createdAt, byte[] key)
{
    private readonly ConcurrentBag<AesGcm> _idle = [];

    public long Number => number;

    public string Purpose => purpose;

    public long CreatedAt => createdAt;

    public byte[] Encrypt(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> about, ISecrets secrets)
    {
        var aes = Rent();
        var result = Sealed.Encrypt(aes, plain, about, secrets);
        _idle.Add(aes);
        return result;
    }

    /// <summary>Null where it is not what was sealed.</summary>
    public byte[]? Decrypt(ReadOnlySpan<byte> whole, ReadOnlySpan<byte> about)
    {
        var aes = Rent();
        var result = Sealed.Decrypt(aes, whole, about);
        _idle.Add(aes);
        return result;
    }

    internal byte[] Wrapped(RootKeys root, ISecrets secrets) => root.Wrap(key, About(number, purpose, createdAt), secrets);

    internal static string About(long number, string purpose, long createdAt) => $"{purpose} key {number} of {createdAt}";

    private AesGcm Rent() => _idle.TryTake(out var aes) ? aes : new AesGcm(key, Sealed.TagSize);
}
