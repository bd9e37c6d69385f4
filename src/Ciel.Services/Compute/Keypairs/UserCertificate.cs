using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;

namespace Ciel.Services.Compute;

/// <summary>Keypairs of the type x509: a certificate by which a Windows guest knows its user.</summary>
internal static partial class UserCertificate
{
    private static readonly TimeSpan Life = TimeSpan.FromDays(3650);

    /// <summary>A new private key and a certificate that it signed itself, both as PEM.</summary>
    /// <param name="userId">The subject.</param>
    /// <param name="now">µs UTC.</param>
    public static (string Private, string Public) Generate(string userId, long now)
    {
        using var rsa = RSA.Create(2048);
        var request = new CertificateRequest(new X500DistinguishedName($"CN={NotName().Replace(userId, "")}"), rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], false));
        var from = DateTimeOffset.UnixEpoch.AddTicks(now * TimeSpan.TicksPerMicrosecond);
        using var certificate = request.CreateSelfSigned(from, from + Life);
        return (rsa.ExportPkcs8PrivateKeyPem() + "\n", certificate.ExportCertificatePem() + "\n");
    }

    /// <summary>SHA-1 of the certificate, hex pairs with colons; null where it is none.</summary>
    public static string? Fingerprint(string pem)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(pem);
            return string.Join(':', certificate.GetCertHash(HashAlgorithmName.SHA1).Select(b => b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    [GeneratedRegex("[^A-Za-z0-9-]", RegexOptions.CultureInvariant)]
    private static partial Regex NotName();
}
