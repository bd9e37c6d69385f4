using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Swift;

/// <summary>Temporary URLs: a key of the account's or the container's metadata signs method, expiry and path.</summary>
internal sealed class TempUrls(Db db, Containers containers)
{
    public static readonly string[] Digests = ["sha1", "sha256", "sha512"];

    /// <summary>Opens the object where the query is signed for it; refuses a query that is signed wrongly.</summary>
    public async Task Check(SwiftCall call)
    {
        if (call.Query("temp_url_sig") is not { } signature)
        {
            return;
        }

        var expires = Seconds(call.Query("temp_url_expires"));
        // Whoever may write one object must not read others by it.
        if (call.Header("X-Copy-From") is not null || call.Header("X-Object-Manifest") is not null || call.Query("multipart-manifest") is not null || call.Query("extract-archive") is not null)
        {
            throw SwiftFaults.Unauthorized();
        }

        if (expires is null || expires <= call.Now / 1_000_000 || call.Target.Object is null || call.Method is not ("GET" or "HEAD" or "PUT" or "POST" or "DELETE"))
        {
            throw SwiftFaults.Unauthorized();
        }

        var prefix = call.Query("temp_url_prefix");
        var path = prefix is null ? call.Target.Path : "prefix:" + call.Target.Path[..^call.Object.Length] + prefix;
        var methods = call.IsHead ? (string[])["HEAD", "GET", "POST", "PUT"] : [call.Method];
        if ((prefix is not null && !call.Object.StartsWith(prefix, StringComparison.Ordinal)) || !await Opens(call, signature, [.. methods.Select(method => $"{method}\n{expires}\n{path}")]))
        {
            throw SwiftFaults.Unauthorized();
        }

        if (call.Method is "GET" or "HEAD")
        {
            // As a file, or a page that somebody stored would open in whatever signed it.
            var name = call.Query("filename") is { Length: > 0 } given ? given : call.Object[(call.Object.LastIndexOf('/') + 1)..];
            call.Http.Response.OnStarting(() =>
            {
                call.Answer("Content-Disposition", call.Query("inline") is not null ? "inline" : $"attachment; filename=\"{Header(name)}\"; filename*=UTF-8''{Door.Percent.Encode(name)}");
                call.Answer("Expires", Instants.Http(expires.Value * 1_000_000));
                return Task.CompletedTask;
            });
        }
    }

    /// <summary>Opens the call if a key signed one of the texts: the account's opens what it names, a container's nothing outside of the container.</summary>
    public async Task<bool> Opens(SwiftCall call, string signature, params IReadOnlyList<string> texts)
    {
        var account = KeysOf(await db.Read(r => AccountStore.Meta(r, call.Account), call.Cancel));
        if (await containers.Find(call.Account, call.Container, call.Cancel) is { } bucket && !texts.Any(text => Signs(account, text, signature)))
        {
            var own = KeysOf(ContainerSettings.Of(bucket).Meta);
            call.SignedIn = bucket.Id;
            return call.Signed = texts.Any(text => Signs(own, text, signature));
        }

        return call.Signed = texts.Any(text => Signs(account, text, signature));
    }

    private static List<string> KeysOf(Dictionary<string, string> meta) => [.. ((string[])["temp-url-key", "temp-url-key-2"]).Select(name => meta.GetValueOrDefault(name)).OfType<string>()];

    /// <summary>Whether one of the keys signed the text, by a digest that the signature's form tells.</summary>
    private static bool Signs(IReadOnlyList<string> keys, string text, string signature)
    {
        var message = Encoding.UTF8.GetBytes(text);
        var given = Encoding.UTF8.GetBytes(signature.ToLowerInvariant());
        return keys.Any(key => Expected(Encoding.UTF8.GetBytes(key), message, signature).Any(e => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(e), e.Contains(':', StringComparison.Ordinal) ? Encoding.UTF8.GetBytes(signature) : given)));
    }

    private static IEnumerable<string> Expected(byte[] key, byte[] message, string signature)
    {
#pragma warning disable CA5350 // The method is what old clients speak; HMAC does not need a hash without collisions.
        (string Name, Func<byte[], byte[], byte[]> Hash)[] digests = [("sha1", HMACSHA1.HashData), ("sha256", HMACSHA256.HashData), ("sha512", HMACSHA512.HashData)];
#pragma warning restore CA5350
        var named = signature.Contains(':', StringComparison.Ordinal);
        foreach (var (name, hash) in digests)
        {
            if (!named)
            {
                yield return Convert.ToHexStringLower(hash(key, message));
            }
            else if (signature.StartsWith(name + ":", StringComparison.Ordinal))
            {
                var text = Convert.ToBase64String(hash(key, message));
                yield return $"{name}:{(signature.AsSpan().ContainsAny('-', '_') ? text.Replace('+', '-').Replace('/', '_') : text)}";
            }
        }
    }

    private static long? Seconds(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds
        : Instants.ParseIso(text) is { } micros ? micros / 1_000_000 : null;

    private static string Header(string name) => new([.. name.Select(c => c is '"' or '\\' or < ' ' or > '~' ? '_' : c)]);
}
