namespace Ciel.Core.Blobs;

/// <summary>What is known and asked of bytes that come in.</summary>
public sealed record BlobIntake
{
    /// <summary>The most bytes to take; more are refused with 413.</summary>
    public long MaxBytes { get; init; } = long.MaxValue;

    /// <summary>How many bytes the sender said would come; null when it did not. Fewer or more are refused with 400.</summary>
    public long? Length { get; init; }

    /// <summary>Whether MD5 and SHA-512 are wanted. They cost many times what the disk does; the blocks have checksums without them.</summary>
    public bool Digests { get; init; } = true;

    /// <summary>Leaves it to the system when the bytes become durable: a power cut may lose what was answered, never tear what is read.</summary>
    public bool Relaxed { get; init; }

    /// <summary>Sees every piece in order before it is written; refuses the whole by throwing a <see cref="Errors.Fault"/>.</summary>
    public Action<ReadOnlySpan<byte>>? Watch { get; init; }
}
