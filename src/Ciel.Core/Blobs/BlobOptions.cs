namespace Ciel.Core.Blobs;

/// <summary>Where blobs lie.</summary>
/// <param name="Root">A directory that only Ciel writes, in one file system; each service has a folder of its own below it. The first disk.</param>
public sealed record BlobOptions(string Root)
{
    /// <summary>Bytes of the file system that blobs leave free for everyone else (the database among them).</summary>
    public long Reserve { get; init; } = 256L << 20;

    /// <summary>Inodes that blobs leave free in the same way.</summary>
    public long ReserveFiles { get; init; } = 1024;

    /// <summary>Six hours.</summary>
    public static readonly TimeSpan UsualGrace = TimeSpan.FromHours(6);

    /// <summary>How old a blob that no row names must be before it is swept: far longer than a caller takes between the last byte and its transaction.</summary>
    public TimeSpan Grace { get; init; } = UsualGrace;

    /// <summary>Further directories, each on a disk of its own. Once used they belong to it for good.</summary>
    public IReadOnlyList<string> Disks { get; init; } = [];

    /// <summary>On how many disks each blob lies.</summary>
    public int Copies { get; init; } = 1;

    /// <summary>Verified bytes a second that the scrub takes at most.</summary>
    public long ScrubRate { get; init; } = 32L << 20;
}
