using System.Text.Json;

namespace Ciel.Services.ObjectStorage.Objects;

/// <summary>Where an object's bytes lie: blobs in their order; a piece without a blob is the row's own bytes.</summary>
internal sealed record Content(IReadOnlyList<Piece> Pieces, byte[]? Inline)
{
    public static readonly Content Empty = new([], null);

    public long Size => Pieces.Sum(p => p.Size);

    public IEnumerable<string> Blobs => Pieces.Where(p => p.Blob.Length > 0).Select(p => p.Blob);

    public string Text => JsonSerializer.Serialize(Pieces);
}

/// <summary>A run of bytes.</summary>
/// <param name="Blob">The blob's id; empty for the row's own bytes.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Nonce">Where the key stream begins, 16 bytes in hex; null where nothing is encrypted.</param>
internal sealed record Piece(string Blob, long Size, string? Nonce)
{
    public static IReadOnlyList<Piece> Parse(string json) => JsonSerializer.Deserialize<List<Piece>>(json)!;
}
