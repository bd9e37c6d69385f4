using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;

namespace Ciel.Tests.ObjectStorage;

/// <summary>A small S3 client of our own, so that tests can sign wrongly, too.</summary>
internal sealed class S3Client(HttpClient http, Uri door, string access, string secret)
{
    public string Access => access;

    public string Secret => secret;

    /// <summary>How far the client's clock is off.</summary>
    public TimeSpan Skew { get; init; }

    /// <summary>Changes the request between signing and sending.</summary>
    public Action<HttpRequestMessage>? Tamper { get; init; }

    /// <summary>Without a signature.</summary>
    public bool Anonymous { get; init; }

    /// <summary>A temporary key's token; null for lasting keys.</summary>
    public string? Token { get; init; }

    public S3Client As(TimeSpan? skew = null, Action<HttpRequestMessage>? tamper = null, bool anonymous = false) =>
        new(http, door, access, secret) { Skew = skew ?? default, Tamper = tamper, Anonymous = anonymous, Token = Token };

    public Task<S3Answer> Get(string path, params (string, string)[] headers) => Send(HttpMethod.Get, path, null, headers);

    public Task<S3Answer> Put(string path, string body = "", params (string, string)[] headers) => Send(HttpMethod.Put, path, Encoding.UTF8.GetBytes(body), headers);

    public Task<S3Answer> Post(string path, string body = "", params (string, string)[] headers) => Send(HttpMethod.Post, path, Encoding.UTF8.GetBytes(body), headers);

    public Task<S3Answer> Delete(string path, params (string, string)[] headers) => Send(HttpMethod.Delete, path, null, headers);

    public Task<S3Answer> Head(string path, params (string, string)[] headers) => Send(HttpMethod.Head, path, null, headers);

    /// <param name="method">The method.</param>
    /// <param name="path">The raw target as it is sent, encoded by the caller.</param>
    /// <param name="body">Null for none.</param>
    /// <param name="headers">Further headers; those that begin with x-amz- are signed.</param>
    public async Task<S3Answer> Send(HttpMethod method, string path, byte[]? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(door.GetLeftPart(UriPartial.Authority) + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        request.Content = body is null ? null : new ByteArrayContent(body);
        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content!.Headers.TryAddWithoutValidation(name, value);
            }
        }

        if (!Anonymous)
        {
            Sign(request, path, headers.FirstOrDefault(h => h.Name == "x-amz-content-sha256").Value ?? Hex(SHA256.HashData(body ?? [])));
        }

        Tamper?.Invoke(request);
        using var answer = await http.SendAsync(request);
        return new S3Answer(answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(), answer.Headers.Concat(answer.Content.Headers)
            .ToDictionary(h => h.Key, h => string.Join(",", h.Value), StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>The path with a presigned query.</summary>
    public string Presign(HttpMethod method, string path, int seconds)
    {
        var stamp = Stamp();
        var credential = Uri.EscapeDataString($"{access}/{Scope(stamp)}");
        var query = $"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={credential}&X-Amz-Date={stamp}&X-Amz-Expires={seconds}{(Token is null ? "" : "&X-Amz-Security-Token=" + Uri.EscapeDataString(Token))}&X-Amz-SignedHeaders=host";
        var canonical = $"{method}\n{path}\n{query}\nhost:{door.Authority}\n\nhost\nUNSIGNED-PAYLOAD";
        return $"{path}?{query}&X-Amz-Signature={Signature(stamp, canonical)}";
    }

    private void Sign(HttpRequestMessage request, string path, string payload)
    {
        var stamp = Stamp();
        request.Headers.Remove("x-amz-content-sha256");
        request.Headers.TryAddWithoutValidation("x-amz-content-sha256", payload);
        if (Token is not null)
        {
            request.Headers.TryAddWithoutValidation("x-amz-security-token", Token);
        }

        request.Headers.TryAddWithoutValidation("x-amz-date", stamp);
        var signed = request.Headers.Where(h => h.Key.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase)).Select(h => (Name: h.Key.ToLowerInvariant(), Value: string.Join(",", h.Value)))
            .Append(("host", door.Authority)).OrderBy(h => h.Item1, StringComparer.Ordinal).ToList();
        var names = string.Join(';', signed.Select(h => h.Item1));
        var (raw, query) = path.Split('?', 2) is [var p, var q] ? (p, q) : (path, "");
        var canonicalQuery = string.Join('&', query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(x => x.Contains('=') ? x : x + "=").OrderBy(x => x.Split('=')[0], StringComparer.Ordinal).ThenBy(x => x, StringComparer.Ordinal));
        var canonical = $"{request.Method}\n{raw}\n{canonicalQuery}\n{string.Concat(signed.Select(h => $"{h.Item1}:{h.Item2.Trim()}\n"))}\n{names}\n{payload}";
        request.Headers.TryAddWithoutValidation("Authorization", $"AWS4-HMAC-SHA256 Credential={access}/{Scope(stamp)}, SignedHeaders={names}, Signature={Signature(stamp, canonical)}");
    }

    private string Signature(string stamp, string canonical) =>
        Hex(HMACSHA256.HashData(SigningKey(stamp), Encoding.UTF8.GetBytes($"AWS4-HMAC-SHA256\n{stamp}\n{Scope(stamp)}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}")));

    /// <summary>A form of AWS's query protocol, signed as the clients of SNS, STS and IAM do: the body's hash is signed, not sent.</summary>
    public async Task<S3Answer> Form(string service, params (string Name, string Value)[] fields)
    {
        var body = Encoding.UTF8.GetBytes(string.Join('&', fields.Select(f => $"{Uri.EscapeDataString(f.Name)}={Uri.EscapeDataString(f.Value)}")));
        var stamp = Stamp();
        var scope = Scope(stamp, service);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(door, "/")) { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
        request.Headers.TryAddWithoutValidation("x-amz-date", stamp);
        var canonical = $"POST\n/\n\nhost:{door.Authority}\nx-amz-date:{stamp}\n\nhost;x-amz-date\n{Hex(SHA256.HashData(body))}";
        var signature = Hex(HMACSHA256.HashData(SigningKey(stamp, service), Encoding.UTF8.GetBytes($"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}")));
        if (!Anonymous)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"AWS4-HMAC-SHA256 Credential={access}/{scope}, SignedHeaders=host;x-amz-date, Signature={signature}");
        }

        if (Token is not null)
        {
            request.Headers.TryAddWithoutValidation("x-amz-security-token", Token);
        }

        Tamper?.Invoke(request);
        using var answer = await http.SendAsync(request);
        return new S3Answer(answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(), answer.Headers.ToDictionary(h => h.Key, h => string.Join(",", h.Value), StringComparer.OrdinalIgnoreCase));
    }

    public byte[] SigningKey(string stamp, string service = "s3")
    {
        var key = Encoding.UTF8.GetBytes("AWS4" + secret);
        foreach (var part in Scope(stamp, service).Split('/'))
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        return key;
    }

    public string Stamp() => (DateTimeOffset.UtcNow + Skew).ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    public static string Scope(string stamp, string service = "s3") => $"{stamp[..8]}/us-east-1/{service}/aws4_request";

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}

/// <summary>What the door answered.</summary>
internal sealed record S3Answer(HttpStatusCode Status, byte[] Bytes, Dictionary<string, string> Headers)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    public XElement Xml => XDocument.Parse(Text).Root!;

    /// <summary>The error's code; empty for a success.</summary>
    public string Code => (int)Status >= 400 && Bytes.Length > 0 ? All("Code")[0] : "";

    public string? this[string header] => Headers.GetValueOrDefault(header);

    /// <summary>The texts of all elements of a name.</summary>
    public IReadOnlyList<string> All(string name) => [.. Xml.Descendants().Where(e => e.Name.LocalName == name).Select(e => e.Value)];

    public S3Answer Ok()
    {
        ((int)Status).ShouldBeInRange(200, 299, Text);
        return this;
    }
}
