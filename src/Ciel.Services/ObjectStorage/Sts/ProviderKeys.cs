using System.Collections.Concurrent;
using System.Text.Json;
using Ciel.Core.Http.Egress;
using Ciel.Services.ObjectStorage.Iam;

namespace Ciel.Services.ObjectStorage.Sts;

/// <summary>Fetches a document from a URL that a tenant chose; null where it cannot be had.</summary>
internal delegate Task<byte[]?> ProviderFetch(Uri url, CancellationToken cancel);

/// <summary>The keys that providers sign with, fetched as OpenID Connect Discovery 1.0 says and kept for an hour.</summary>
internal sealed class ProviderKeys(ProviderFetch fetch)
{
    private const long Second = 1_000_000;
    private const long Kept = 3600 * Second;
    private const long Patience = 30 * Second;
    private const int Most = 1000;
    private static readonly EgressLimits Limits = new(TimeSpan.FromSeconds(5));
    private readonly ConcurrentDictionary<string, Entry> _sets = new();

    /// <summary>Fetches through the gate, as every address that a tenant chose.</summary>
    public static ProviderFetch By(Egress egress) => async (url, cancel) =>
    {
        try
        {
            var answer = await egress.Call(u => new HttpRequestMessage(HttpMethod.Get, u), url, Limits, cancel);
            return answer.Good ? answer.Body : null;
        }
        catch (EgressRefusedException)
        {
            // Whoever asks is told that there is no key; which addresses answer is nobody's business.
            return null;
        }
    };

    /// <summary>Whether the token is signed by one of the provider's keys.</summary>
    /// <param name="provider">The provider.</param>
    /// <param name="token">The token.</param>
    /// <param name="now">µs UTC.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<bool> Signed(IamRow provider, JsonWebToken token, long now, CancellationToken cancel)
    {
        if (_sets.TryGetValue(provider.Id, out var known) && known.At > now - Kept)
        {
            if (By(known.Keys, token))
            {
                return true;
            }

            // A new key may have come; strangers' tokens must not make us ask all the time.
            if (known.At > now - Patience)
            {
                return false;
            }
        }

        if (_sets.Count >= Most)
        {
            _sets.Clear();
        }

        var keys = await Fetch(provider.Content.Url, cancel);
        _sets[provider.Id] = new Entry(now, keys);
        return By(keys, token);
    }

    private static bool By(IReadOnlyList<JsonElement> keys, JsonWebToken token) =>
        keys.Any(key => (token.KeyId is null || !key.TryGetProperty("kid", out var kid) || kid.ToString() == token.KeyId) && token.SignedBy(key));

    private async Task<IReadOnlyList<JsonElement>> Fetch(string issuer, CancellationToken cancel)
    {
        var about = await Json(new Uri(issuer.TrimEnd('/') + "/.well-known/openid-configuration"), cancel);
        if (about is not { } found || !found.TryGetProperty("jwks_uri", out var place) || !Uri.TryCreate(place.ToString(), UriKind.Absolute, out var url))
        {
            return [];
        }

        return await Json(url, cancel) is { } set && set.TryGetProperty("keys", out var keys) && keys.ValueKind == JsonValueKind.Array
            ? [.. keys.EnumerateArray().Where(k => k.ValueKind == JsonValueKind.Object)]
            : [];
    }

    private async Task<JsonElement?> Json(Uri url, CancellationToken cancel)
    {
        try
        {
            if (await fetch(url, cancel) is not { } bytes)
            {
                return null;
            }

            using var document = Door.JsonInput.Parse(bytes, 8);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Entry(long At, IReadOnlyList<JsonElement> Keys);
}
