namespace Ciel.Core.Blobs;

/// <summary>Bytes that are kept: durable under their final name, owned by nobody until a row names the id.</summary>
/// <param name="Id">UUID, made when the bytes were complete.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha512">Lower-case hex; null where no digests were asked for.</param>
/// <param name="Md5">Lower-case hex; for clients that compare it, never for trust. Null as SHA-512 is.</param>
public sealed record BlobRef(string Id, long Size, string? Sha512, string? Md5);
