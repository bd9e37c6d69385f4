using System.Security.Cryptography;
using System.Text;

namespace Ciel.Services.ObjectStorage.Signing;

/// <summary>The chain of chunk signatures of SigV4 streaming: each signs the one before.</summary>
/// <param name="key">The day's signing key.</param>
/// <param name="timestamp">The request's <c>X-Amz-Date</c>.</param>
/// <param name="scope">The credential scope.</param>
/// <param name="seed">The signature of the request's head.</param>
internal sealed class ChunkSigner(byte[] key, string timestamp, string scope, string seed)
{
    private static readonly string Nothing = Convert.ToHexStringLower(SHA256.HashData([]));
    private string _previous = seed;

    /// <summary>Whether this is the signature of the next chunk, whose bytes have that SHA-256.</summary>
    public bool Chunk(string signature, byte[] sha256) =>
        Next(signature, $"AWS4-HMAC-SHA256-PAYLOAD\n{timestamp}\n{scope}\n{_previous}\n{Nothing}\n{Convert.ToHexStringLower(sha256)}");

    /// <summary>Whether this is the signature of the trailing headers.</summary>
    public bool Trailer(string signature, string canonical) =>
        Next(signature, $"AWS4-HMAC-SHA256-TRAILER\n{timestamp}\n{scope}\n{_previous}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}");

    private bool Next(string signature, string toSign)
    {
        _previous = Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)));
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(_previous), Encoding.ASCII.GetBytes(signature));
    }
}
