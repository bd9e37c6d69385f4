using System.Security.Cryptography;
using System.Text;

namespace Ciel.Core.Trust;

/// <summary>The keys that wrap all others. They are never in the store, so that a copy of the store opens nothing.</summary>
public sealed class RootKeys
{
    private const int KeySize = 32;
    private readonly IReadOnlyList<(string Id, byte[] Key)> _keys;

    private RootKeys(IReadOnlyList<(string Id, byte[] Key)> keys) => _keys = keys;

    /// <summary>The id of the key that wraps what is wrapped from now on.</summary>
    public string Newest => _keys[0].Id;

    /// <summary>One new key.</summary>
    public static RootKeys New(ISecrets secrets) => new([Make(secrets)]);

    /// <summary>The same keys behind a new one: the first half of a rotation. The second is to wrap all keys again and to forget the old.</summary>
    public RootKeys Renewed(ISecrets secrets) => new([Make(secrets), .. _keys]);

    /// <summary>The newest key alone.</summary>
    public RootKeys WithoutOld() => new([_keys[0]]);

    /// <summary>Reads the file's lines.</summary>
    internal static RootKeys Parse(string text, string path)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        try
        {
            var keys = lines.Select(l => l.Split(' ')).Select(p => (p[0], Convert.FromHexString(p[1]))).ToArray();
            return keys.Length > 0 && keys.All(k => k.Item2.Length == KeySize) ? new RootKeys(keys) : throw Broken(path);
        }
        catch (Exception e) when (e is FormatException or IndexOutOfRangeException)
        {
            throw Broken(path);
        }
    }

    /// <summary>The file's lines.</summary>
    internal string Text() => string.Concat(_keys.Select(k => $"{k.Id} {Convert.ToHexStringLower(k.Key)}\n"));

    /// <summary>Wraps a key for the store: nonce, tag, ciphertext.</summary>
    internal byte[] Wrap(ReadOnlySpan<byte> key, string about, ISecrets secrets)
    {
        using var aes = new AesGcm(_keys[0].Key, Sealed.TagSize);
        return Sealed.Encrypt(aes, key, Encoding.UTF8.GetBytes(about), secrets);
    }

    /// <summary>Unwraps a key of the store.</summary>
    /// <exception cref="InvalidOperationException">The key was wrapped under a root key that is not in the file.</exception>
    internal byte[] Unwrap(string rootId, ReadOnlySpan<byte> wrapped, string about)
    {
        var root = _keys.FirstOrDefault(k => k.Id == rootId).Key
            ?? throw new InvalidOperationException($"The store's keys are wrapped under the root key {rootId}, which is not in the root key file. Put that file back.");
        using var aes = new AesGcm(root, Sealed.TagSize);
        return Sealed.Decrypt(aes, wrapped, Encoding.UTF8.GetBytes(about)) ?? throw new InvalidOperationException($"A key of the store ({about}) was tampered with.");
    }

    private static InvalidOperationException Broken(string path) => new($"{path} is not a root key file. Put the right one back; without it nothing that was sealed can be opened.");

    private static (string Id, byte[] Key) Make(ISecrets secrets)
    {
        var key = new byte[KeySize];
        secrets.Fill(key);
        return (Convert.ToHexStringLower(SHA256.HashData([.. "root key id"u8, .. key]))[..16], key);
    }
}
