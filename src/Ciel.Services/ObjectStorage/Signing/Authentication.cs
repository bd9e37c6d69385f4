using System.Security.Cryptography;
using System.Text;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Query;

namespace Ciel.Services.ObjectStorage.Signing;

/// <summary>Finds out who makes a request: SigV4 in a header or in the query, or nobody.</summary>
internal sealed class Authentication(Signers signers, SigningKeys keys)
{
    private const long Skew = 15L * 60 * 1_000_000;
    private const long LongestExpiry = 7 * 24 * 3600;
    private const string Token = "x-amz-security-token";
    private const string TokenParameter = "X-Amz-Security-Token";
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>Headers that the signature covers by other ways, or that mean nothing.</summary>
    private static readonly HashSet<string> Loose = new(["x-amz-content-sha256", "x-amz-date", Token, "x-amz-user-agent"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Sets the call's caller and how its body is signed.</summary>
    public async Task Authenticate(S3Call call)
    {
        var header = call.Header("Authorization");
        if (header is not null)
        {
            await ByHeader(call, header);
        }
        else if (call.Query("X-Amz-Algorithm") is not null || call.Query("X-Amz-Credential") is not null)
        {
            await ByQuery(call);
        }
        else if (call.Query("Signature") is not null || call.Query("AWSAccessKeyId") is not null)
        {
            await LegacySignature.ByQuery(call, Find);
        }
        else
        {
            call.Seal = PayloadSeal.Of(call.Header("x-amz-content-sha256"), null);
        }
    }

    /// <summary>Whether a POST form's policy is signed by that credential; sets the caller.</summary>
    public async Task ByForm(S3Call call, string credentialText, string policy, string signature)
    {
        var credential = Credential.Parse(credentialText) ?? throw Faults.InvalidArgument("x-amz-credential", credentialText, "The credential is malformed.");
        var key = await Find(call, credential.Access);
        var expected = HMACSHA256.HashData(keys.Of(key.Secret, credential), Encoding.UTF8.GetBytes(policy));
        Check(call, credential.Access, Convert.ToHexStringLower(expected), signature, policy);
        call.Caller = key.Caller;
    }

    /// <summary>The key; unknown ones and those of disabled users or projects are refused alike.</summary>
    public Task<Signer> Find(S3Call call, string access) => signers.Find(call, access, call.Header(Token) ?? call.Query(TokenParameter));

    private async Task ByHeader(S3Call call, string header)
    {
        if (!header.StartsWith(Algorithm, StringComparison.Ordinal))
        {
            await LegacySignature.ByHeader(call, header, Find);
            return;
        }

        var fields = header[Algorithm.Length..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(part => part.Split('=', 2)).Where(part => part.Length == 2).GroupBy(part => part[0]).ToDictionary(g => g.Key, g => g.First()[1]);
        var credential = Credential.Parse(fields.GetValueOrDefault("Credential")) ?? throw Credential.Malformed("the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".");
        var signed = (fields.GetValueOrDefault("SignedHeaders") ?? throw Credential.Malformed("missing SignedHeaders.")).ToLowerInvariant().Split(';');
        var signature = fields.GetValueOrDefault("Signature") ?? throw Credential.Malformed("missing Signature.");
        var (stamp, instant) = Stamp(call);
        if (Math.Abs(call.Now - instant) > Skew)
        {
            throw new S3Fault(403, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large.")
            {
                Extra = [("RequestTime", stamp), ("ServerTime", Xml.Instants.Iso(call.Now)), ("MaxAllowedSkewMilliseconds", "900000")],
            };
        }

        // Only S3's clients send the hash; those of the other services sign it all the same.
        var payload = call.Header("x-amz-content-sha256")
            ?? (call.Operation?.Name == QueryDoor.Name ? await QueryDoor.Hash(call) : throw Faults.InvalidRequest("Missing required header for this request: x-amz-content-sha256"));
        _ = PayloadSeal.Of(payload, null);
        RequireScope(call, credential, stamp, Credential.Malformed);
        await Verify(call, credential, signed, payload, stamp, signature);
    }

    private async Task ByQuery(S3Call call)
    {
        if (call.Query("X-Amz-Algorithm") != Algorithm)
        {
            throw Refused("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\"");
        }

        var credential = Credential.Parse(call.Query("X-Amz-Credential")) ?? throw Refused("Error parsing the X-Amz-Credential parameter");
        var stamp = call.Query("X-Amz-Date") ?? throw Refused("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
        var instant = Credential.Instant(stamp) ?? throw Refused("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
        var wished = call.Query("X-Amz-Expires") ?? throw Refused("X-Amz-Expires is missing");
        // 403 and not 400 as Amazon says: whoever follows a link learns that it does not open, not why.
        if (!long.TryParse(wished, out var expires) || expires is < 1 or > LongestExpiry)
        {
            throw new S3Fault(403, "AuthorizationQueryParametersError", "X-Amz-Expires must be between 1 and 604800 seconds");
        }

        if (call.Now < instant - Skew || call.Now > instant + (expires * 1_000_000))
        {
            throw Faults.AccessDenied("Request has expired");
        }

        var signed = (call.Query("X-Amz-SignedHeaders") ?? throw Refused("X-Amz-SignedHeaders is missing")).ToLowerInvariant().Split(';');
        RequireScope(call, credential, stamp, what => Refused("Error parsing the X-Amz-Credential parameter; " + what));
        var payload = call.Query("X-Amz-Content-Sha256") ?? call.Header("x-amz-content-sha256") ?? PayloadSeal.Unsigned;
        await Verify(call, credential, signed, payload, stamp, call.Query(CanonicalRequest.Signature) ?? throw Refused("X-Amz-Signature is missing"));
    }

    private async Task Verify(S3Call call, Credential credential, string[] signed, string payload, string stamp, string signature)
    {
        if (!signed.Contains("host"))
        {
            throw Faults.AccessDenied("There were headers present in the request which were not signed: host");
        }

        // Whoever was given a link must not make it a copy of something else, or what it writes public.
        if (call.Http.Request.Headers.Keys.FirstOrDefault(h => h.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase) && !Loose.Contains(h) && !signed.Contains(h.ToLowerInvariant())) is { } unsigned)
        {
            throw Faults.AccessDenied("There were headers present in the request which were not signed: " + unsigned.ToLowerInvariant());
        }

        var key = await Find(call, credential.Access);
        var toSign = CanonicalRequest.ToSign(call.Http.Request, call.Target, signed, payload, stamp, credential);
        var signing = keys.Of(key.Secret, credential);
        var expected = Convert.ToHexStringLower(HMACSHA256.HashData(signing, Encoding.UTF8.GetBytes(toSign)));
        Check(call, credential.Access, expected, signature, toSign);
        call.Seal = PayloadSeal.Of(payload, new ChunkSigner(signing, stamp, credential.Scope, signature));
        call.Caller = key.Caller;
    }

    // The door of IAM, STS and SNS is S3's too, and knows its services by itself.
    private static void RequireScope(S3Call call, Credential credential, string stamp, Func<string, S3Fault> fault)
    {
        if (!stamp.StartsWith(credential.Day, StringComparison.Ordinal))
        {
            throw fault("the date in the credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.");
        }

        if (credential.Service != "s3" && call.Operation?.Name != QueryDoor.Name)
        {
            throw fault($"incorrect service \"{credential.Service}\". This endpoint belongs to \"s3\".");
        }
    }

    private static (string Stamp, long Instant) Stamp(S3Call call)
    {
        if (call.Header("x-amz-date") is { } amz && Credential.Instant(amz) is { } instant)
        {
            return (amz, instant);
        }

        return Xml.Instants.ParseHttp(call.Header("Date")) is { } date
            ? (Xml.Instants.Of(date).ToString("yyyyMMdd'T'HHmmss'Z'"), date)
            : throw Faults.AccessDenied("AWS authentication requires a valid Date or x-amz-date header");
    }

    private static void Check(S3Call call, string access, string expected, string signature, string toSign)
    {
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.UTF8.GetBytes(signature)))
        {
            throw Faults.BadSignature(access, toSign, signature);
        }
    }

    private static S3Fault Refused(string message) => new(400, "AuthorizationQueryParametersError", message);
}
