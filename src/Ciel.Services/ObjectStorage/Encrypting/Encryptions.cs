using System.Security.Cryptography;
using Ciel.Core;
using Ciel.Core.Trust;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Objects;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Encrypting;

/// <summary>
/// Server-side encryption. SSE-S3 and SSE-KMS: a random data key for each object, sealed under the store's keys. SSE-C: the client's key,
/// of which only a hash is kept.
/// </summary>
internal sealed class Encryptions(Envelope envelope, ISecrets secrets)
{
    private const string Sse = "x-amz-server-side-encryption";
    private const string SseKey = Sse + "-aws-kms-key-id";
    private const string About = "object data key ";
    private const string DefaultKmsKey = "aws/s3";

    /// <summary>How a write is to be encrypted, by its headers or else the bucket's default, with the key in the clear; nulls for not at all.</summary>
    public async Task<(Encryption? Kept, byte[]? Key)> ForWrite(S3Call call)
    {
        if (CustomerKey.Read(call) is { } customer)
        {
            return call.Header(Sse) is null
                ? (new Encryption(Encryption.Customer, customer.Hash, null), customer.Key)
                : throw Faults.InvalidArgument(Sse, call.Header(Sse), "Server Side Encryption with Customer provided key is incompatible with the encryption method specified");
        }

        var (kept, key) = await Fresh(Wanted(call), call.Cancel);
        return (kept is null ? null : kept with { Context = call.Header(Sse + "-context") }, key);
    }

    /// <summary>How a write that no request asked for is encrypted: as the bucket has it by default.</summary>
    public Task<(Encryption? Kept, byte[]? Key)> ForOwn(BucketRow bucket, CancellationToken cancel) => Fresh(Default(bucket), cancel);

    /// <summary>The key to read a version by that no client's key is needed for; null where it is plain.</summary>
    public async Task<byte[]?> ForOwnRead(Encryption? kept, CancellationToken cancel) =>
        kept is null ? null : Convert.FromBase64String(await envelope.Open(kept.Key, About + kept.KmsKey, cancel));

    private async Task<(Encryption? Kept, byte[]? Key)> Fresh((string? Kind, string? Key, bool BucketKey) wanted, CancellationToken cancel)
    {
        if (wanted.Kind is null)
        {
            return (null, null);
        }

        var key = new byte[32];
        secrets.Fill(key);
        var name = wanted.Kind == Encryption.Kms ? wanted.Key ?? DefaultKmsKey : null;
        var sealedKey = await envelope.Seal(Convert.ToBase64String(key), About + name, cancel);
        return (new Encryption(wanted.Kind, sealedKey, name) { BucketKey = wanted.BucketKey }, key);
    }

    /// <summary>The key to read a version by; null where it is plain.</summary>
    /// <param name="call">The request; its headers bear a customer's key.</param>
    /// <param name="kept">How the version is encrypted.</param>
    /// <param name="copySource">Whether the key stands in the copy source's headers.</param>
    public async Task<byte[]?> ForRead(S3Call call, Encryption? kept, bool copySource = false)
    {
        var customer = CustomerKey.Read(call, copySource);
        if (kept?.Kind == Encryption.Customer)
        {
            return customer is null
                ? throw Faults.InvalidRequest("The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.")
                : CryptographicOperations.FixedTimeEquals(Convert.FromHexString(customer.Hash), Convert.FromHexString(kept.Key))
                    ? customer.Key
                    : throw Faults.InvalidRequest("The provided encryption parameters did not match the ones used originally.");
        }

        if (customer is not null)
        {
            throw Faults.InvalidRequest("The encryption parameters are not applicable to this object.");
        }

        return await ForOwnRead(kept, call.Cancel);
    }

    /// <summary>Refuses headers that only a write may have.</summary>
    public static void RefuseOnRead(S3Call call)
    {
        if (call.Header(Sse) is { } kind)
        {
            throw Faults.InvalidArgument(Sse, kind, "x-amz-server-side-encryption header is not supported for this operation.");
        }
    }

    /// <summary>Tells in the answer how a version is encrypted.</summary>
    public static void Answer(S3Call call, Encryption? kept)
    {
        if (kept is { Kind: Encryption.Customer })
        {
            call.Answer(Sse + "-customer-algorithm", "AES256");
            call.Answer(Sse + "-customer-key-MD5", call.Header(Sse + "-customer-key-MD5"));
        }
        else if (kept is not null)
        {
            call.Answer(Sse, kept.Kind);
            call.Answer(SseKey, kept.KmsKey);
            call.Answer(Sse + "-bucket-key-enabled", kept.BucketKey ? "true" : null);
        }
    }

    private static (string? Kind, string? Key, bool BucketKey) Wanted(S3Call call)
    {
        var bucketKey = call.Header(Sse + "-bucket-key-enabled") == "true";
        if (call.Header(Sse) is { } kind)
        {
            return kind switch
            {
                Encryption.S3 when call.Header(SseKey) is null => (kind, null, bucketKey),
                Encryption.Kms => (kind, call.Header(SseKey) is { Length: > 0 } key ? key : null, bucketKey),
                _ => throw Faults.InvalidArgument(Sse, kind, "The encryption method specified is not supported"),
            };
        }

        if (call.Header(SseKey) is not null)
        {
            throw Faults.InvalidArgument(SseKey, call.Header(SseKey), "A key was given without saying aws:kms");
        }

        return Default(call.Bucket);
    }

    private static (string? Kind, string? Key, bool BucketKey) Default(BucketRow bucket)
    {
        var rule = bucket[SettingKinds.Encryption] is { } text ? XmlInput.Parse(text).One("Rule") : null;
        var byDefault = rule?.One("ApplyServerSideEncryptionByDefault");
        return byDefault is null ? (null, null, false) : (byDefault.Text("SSEAlgorithm"), byDefault.Text("KMSMasterKeyID"), rule!.Text("BucketKeyEnabled") == "true");
    }
}
