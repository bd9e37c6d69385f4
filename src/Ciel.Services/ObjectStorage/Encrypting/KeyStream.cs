using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Ciel.Services.ObjectStorage.Encrypting;

/// <summary>AES-256 in counter mode (NIST SP 800-38A, 6.5): any range can be read without what lies before it.</summary>
/// <param name="key">32 bytes.</param>
/// <param name="nonce">The first counter block, 16 bytes, never used twice with the key.</param>
internal sealed class KeyStream(byte[] key, byte[] nonce) : IDisposable
{
    private const int Block = 16;
    private readonly Aes _aes = New(key);
    private readonly byte[] _counters = new byte[64 * Block];
    private readonly byte[] _stream = new byte[64 * Block];

    /// <summary>Encrypts or decrypts in place.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="offset">Where they lie in the whole.</param>
    public void Apply(Span<byte> bytes, long offset)
    {
        while (bytes.Length > 0)
        {
            var skip = (int)(offset % Block);
            var take = Math.Min(bytes.Length, _stream.Length - skip);
            var used = (skip + take + Block - 1) / Block * Block;
            Counters(offset / Block, used);
            _aes.EncryptEcb(_counters.AsSpan(0, used), _stream, PaddingMode.None);
            for (var i = 0; i < take; i++)
            {
                bytes[i] ^= _stream[skip + i];
            }

            bytes = bytes[take..];
            offset += take;
        }
    }

    public void Dispose() => _aes.Dispose();

    private void Counters(long block, int length)
    {
        var first = BinaryPrimitives.ReadUInt128BigEndian(nonce) + (ulong)block;
        for (var at = 0; at < length; at += Block)
        {
            BinaryPrimitives.WriteUInt128BigEndian(_counters.AsSpan(at), first++);
        }
    }

    private static Aes New(byte[] key)
    {
        var aes = Aes.Create();
        aes.Key = key;
        return aes;
    }
}
