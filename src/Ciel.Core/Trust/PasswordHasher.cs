using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Ciel.Core.Errors;
using Ciel.Core.Trust.Host;
using NSec.Cryptography;

namespace Ciel.Core.Trust;

/// <summary>
/// Human passwords by Argon2id (19 MiB, t=2, p=1: OWASP's advice) in the PHC string format. Anything random of 128 bits or more is
/// hashed by SHA-256 instead, which needs no queue.
/// </summary>
/// <param name="lanes">Where the work is done.</param>
/// <param name="secrets">Makes salts.</param>
public sealed class PasswordHasher(PasswordLanes lanes, ISecrets secrets)
{
    private const string Head = "$argon2id$v=19$m=19456,t=2,p=1$";
    private const int SaltSize = 16;
    private const int HashSize = 32;
    private static readonly Argon2id Argon = new(new Argon2Parameters { DegreeOfParallelism = 1, MemorySize = 19456, NumberOfPasses = 2 });

    // Stands in for the hash of users that do not exist, so that they take as long to refuse.
    private static readonly string Nobody = Text(new byte[SaltSize], new byte[HashSize]);

    /// <summary>Hashes a new password.</summary>
    /// <exception cref="Fault">429 where too many wait.</exception>
    public Task<string> Hash(string password)
    {
        var salt = new byte[SaltSize];
        secrets.Fill(salt);
        return Queue(() => Text(salt, Argon.DeriveBytes(Encoding.UTF8.GetBytes(password), salt, HashSize)));
    }

    /// <summary>Whether it is the password. A null hash (no such user, or one without a password) takes as long, and is no.</summary>
    /// <exception cref="Fault">429 where too many wait.</exception>
    public Task<bool> Verify(string password, string? hash) => Queue(() =>
    {
        var parts = (hash ?? Nobody)[Head.Length..].Split('$');
        var (salt, expected) = (Base64Url.DecodeFromChars(parts[0]), Base64Url.DecodeFromChars(parts[1]));
        var actual = Argon.DeriveBytes(Encoding.UTF8.GetBytes(password), salt, HashSize);
        return CryptographicOperations.FixedTimeEquals(actual, expected) && hash is not null;
    });

    private static string Text(byte[] salt, byte[] hash) => $"{Head}{Base64Url.EncodeToString(salt)}${Base64Url.EncodeToString(hash)}";

    private Task<T> Queue<T>(Func<T> work) => lanes.TryRun(work)
        ?? throw new Fault(429, "TooManyRequests", "Too many logins wait at the moment. Try again in a second.") { Headers = new Dictionary<string, string> { ["Retry-After"] = "1" } };
}
