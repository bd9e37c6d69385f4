using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Ciel.Tests.ObjectStorage;

/// <summary>An OpenID Connect provider on loopback.</summary>
internal sealed class TestProvider : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly ECDsa _curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private TestProvider(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    public static async Task<TestProvider> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var provider = new TestProvider(app);
        app.Run(http => http.Response.WriteAsync(http.Request.Path == "/keys" ? provider.Keys() : JsonSerializer.Serialize(new { issuer = provider.Url, jwks_uri = provider.Url + "/keys" })));
        await app.StartAsync();
        return provider;
    }

    /// <summary>A token of the claims, beside who issued it and until when.</summary>
    public string Token(string algorithm = "RS256", string? issuer = null, string audience = "client", string subject = "ann", long lasts = 600, object? more = null, string team = "team")
    {
        var claims = new Dictionary<string, object?> { ["iss"] = issuer ?? Url, ["aud"] = audience, ["sub"] = subject, ["exp"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + lasts, [team] = more };
        var signed = $"{Part(new { alg = algorithm, kid = algorithm })}.{Part(claims)}";
        var bytes = Encoding.ASCII.GetBytes(signed);
        var signature = algorithm switch
        {
            "RS256" => _rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            "ES256" => _curve.SignData(bytes, HashAlgorithmName.SHA256),
            // The public key as a shared secret: an old mistake of verifiers.
            "HS256" => HMACSHA256.HashData(_rsa.ExportSubjectPublicKeyInfo(), bytes),
            _ => [],
        };
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _rsa.Dispose();
        _curve.Dispose();
    }

    private static string Part(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));

    private string Keys()
    {
        var rsa = _rsa.ExportParameters(false);
        var point = _curve.ExportParameters(false).Q;
        return JsonSerializer.Serialize(new
        {
            keys = (object[])
            [
                new { kty = "RSA", kid = "RS256", n = Base64Url.EncodeToString(rsa.Modulus), e = Base64Url.EncodeToString(rsa.Exponent) },
                new { kty = "EC", kid = "ES256", crv = "P-256", x = Base64Url.EncodeToString(point.X), y = Base64Url.EncodeToString(point.Y) },
            ],
        });
    }
}
