namespace Ciel.Core.Blobs;

/// <summary>Something that is wrong with a blob.</summary>
/// <param name="Service">Whose.</param>
/// <param name="Kind">One of the constants here.</param>
/// <param name="Id">The blob.</param>
/// <param name="What">What is wrong and what follows, for the operator.</param>
public sealed record BlobProblem(string Service, string Kind, string Id, string What)
{
    /// <summary>A row names bytes that are not there.</summary>
    public const string NoBytes = "no-bytes";

    /// <summary>Bytes that no row names, older than the sweep's grace.</summary>
    public const string NoRow = "no-row";

    /// <summary>Bytes that are not as they were written, or that the disk cannot read.</summary>
    public const string Damaged = "damaged";
}
