namespace Ciel.Core.Blobs;

/// <summary>A blob's file is not what was written. Within blobs only: readers get a <see cref="Errors.Fault"/>.</summary>
/// <param name="what">What is wrong, for the operator.</param>
internal sealed class BlobDamagedException(string what) : Exception(what);
