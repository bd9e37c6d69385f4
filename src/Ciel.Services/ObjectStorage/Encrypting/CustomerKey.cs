using System.Security.Cryptography;
using Ciel.Services.ObjectStorage.Door;

namespace Ciel.Services.ObjectStorage.Encrypting;

/// <summary>A key that the client brings with each request (SSE-C).</summary>
internal sealed record CustomerKey(byte[] Key)
{
    /// <summary>SHA-256 in hex.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Key));

    /// <summary>The key of the headers; null where there is none.</summary>
    public static CustomerKey? Read(S3Call call, bool copySource = false)
    {
        var prefix = copySource ? "x-amz-copy-source-server-side-encryption-customer-" : "x-amz-server-side-encryption-customer-";
        var (algorithm, key, md5) = (call.Header(prefix + "algorithm"), call.Header(prefix + "key"), call.Header(prefix + "key-MD5"));
        if (algorithm is null && key is null && md5 is null)
        {
            return null;
        }

        if (algorithm is null)
        {
            throw Faults.InvalidArgument(prefix + "algorithm", null, "Requests specifying Server Side Encryption with Customer provided keys must provide a valid encryption algorithm.");
        }

        if (algorithm != "AES256")
        {
            throw new S3Fault(400, "InvalidEncryptionAlgorithmError", "The encryption request you specified is not valid. The valid value is AES256.");
        }

        if (key is null)
        {
            throw Faults.InvalidArgument(prefix + "key", null, "Requests specifying Server Side Encryption with Customer provided keys must provide an appropriate secret key.");
        }

        var bytes = new byte[33];
        if (key.Length > 44 || !Convert.TryFromBase64String(key, bytes, out var length) || length != 32)
        {
            throw Faults.InvalidArgument(prefix + "key", null, "The secret key was invalid for the specified algorithm.");
        }

        return md5 is not null && md5 == Md5(bytes.AsSpan(0, 32))
            ? new CustomerKey(bytes[..32])
            : throw Faults.InvalidArgument(prefix + "key-MD5", md5, "The calculated MD5 hash of the key did not match the hash that was provided.");
    }

#pragma warning disable CA5351 // S3's headers ask for MD5; it protects against slips of the wire, not against people.
    private static string Md5(ReadOnlySpan<byte> key) => Convert.ToBase64String(MD5.HashData(key));
#pragma warning restore CA5351
}
