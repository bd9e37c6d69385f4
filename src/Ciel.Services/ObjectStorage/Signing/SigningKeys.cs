using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Ciel.Services.ObjectStorage.Signing;

/// <summary>The signing keys that SigV4 derives from a secret for a day, kept because each costs four hashes.</summary>
internal sealed class SigningKeys
{
    private const int Most = 10_000;
    private readonly ConcurrentDictionary<(string Secret, string Scope), byte[]> _keys = new();

    public byte[] Of(string secret, Credential credential)
    {
        if (_keys.TryGetValue((secret, credential.Scope), out var known))
        {
            return known;
        }

        if (_keys.Count >= Most)
        {
            _keys.Clear();
        }

        var key = Encoding.UTF8.GetBytes("AWS4" + secret);
        foreach (var part in (string[])[credential.Day, credential.Region, credential.Service, "aws4_request"])
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        return _keys[(secret, credential.Scope)] = key;
    }
}
