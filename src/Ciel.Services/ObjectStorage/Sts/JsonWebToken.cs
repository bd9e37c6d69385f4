using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Ciel.Services.ObjectStorage.Sts;

/// <summary>A signed token in its parts (RFC 7519, RFC 7515), not yet believed.</summary>
/// <param name="Algorithm">Its header's <c>alg</c>.</param>
/// <param name="KeyId">Its header's <c>kid</c>; null without.</param>
/// <param name="Claims">What it says.</param>
/// <param name="Signed">The bytes that are signed.</param>
/// <param name="Signature">By whom they are.</param>
internal sealed record JsonWebToken(string Algorithm, string? KeyId, JsonElement Claims, byte[] Signed, byte[] Signature)
{
    /// <summary>Null for what is none.</summary>
    public static JsonWebToken? Parse(string text)
    {
        if (text.Split('.') is not [var head, var body, var signature] || !Array.TrueForAll([head, body, signature], part => Base64Url.IsValid(part)))
        {
            return null;
        }

        try
        {
            var header = Json(head);
            var claims = Json(body);
            return claims.ValueKind == JsonValueKind.Object && header.ValueKind == JsonValueKind.Object && header.TryGetProperty("alg", out var alg) && !header.TryGetProperty("crit", out _)
                ? new JsonWebToken(alg.ToString(), header.TryGetProperty("kid", out var kid) ? kid.ToString() : null, claims, Encoding.ASCII.GetBytes(head + "." + body), Base64Url.DecodeFromChars(signature))
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether that key, of a provider's set (RFC 7517), signed it. Symmetric algorithms and <c>none</c> never.</summary>
    public bool SignedBy(JsonElement key)
    {
        try
        {
            return (Algorithm, Field(key, "kty")) switch
            {
                ("RS256" or "RS384" or "RS512" or "PS256" or "PS384" or "PS512", "RSA") => ByRsa(key),
                ("ES256", "EC") => ByCurve(key, ECCurve.NamedCurves.nistP256, HashAlgorithmName.SHA256),
                ("ES384", "EC") => ByCurve(key, ECCurve.NamedCurves.nistP384, HashAlgorithmName.SHA384),
                _ => false,
            };
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            // The key is none.
            return false;
        }
    }

    private bool ByRsa(JsonElement key)
    {
        using var rsa = RSA.Create(new RSAParameters { Modulus = Bytes(key, "n"), Exponent = Bytes(key, "e") });
        return rsa.KeySize >= 2048 && rsa.VerifyData(Signed, Signature, new HashAlgorithmName("SHA" + Algorithm[2..]), Algorithm[0] == 'R' ? RSASignaturePadding.Pkcs1 : RSASignaturePadding.Pss);
    }

    private bool ByCurve(JsonElement key, ECCurve curve, HashAlgorithmName hash)
    {
        using var ecdsa = ECDsa.Create(new ECParameters { Curve = curve, Q = new ECPoint { X = Bytes(key, "x"), Y = Bytes(key, "y") } });
        return ecdsa.VerifyData(Signed, Signature, hash);
    }

    private static string Field(JsonElement key, string name) => key.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static byte[] Bytes(JsonElement key, string name) => Base64Url.DecodeFromChars(Field(key, name));

    private static JsonElement Json(string part)
    {
        using var document = Door.JsonInput.Parse(Base64Url.DecodeFromChars(part), 8);
        return document.RootElement.Clone();
    }
}
