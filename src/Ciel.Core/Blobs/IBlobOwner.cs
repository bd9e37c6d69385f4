using Ciel.Core.Store;

namespace Ciel.Core.Blobs;

/// <summary>Says which blobs of a service its rows name; the rest is swept.</summary>
public interface IBlobOwner
{
    /// <summary>Those of the ids that a row names.</summary>
    Task<IReadOnlyCollection<string>> Owned(Reader reader, IReadOnlyCollection<string> blobIds);
}

/// <summary>Also lists them, so that a row without its bytes can be found.</summary>
public interface IBlobRows : IBlobOwner
{
    /// <summary>The next ids that rows name, in order.</summary>
    /// <param name="reader">Where to look.</param>
    /// <param name="after">The last id of those before; empty at the beginning.</param>
    /// <param name="most">How many at most.</param>
    Task<IReadOnlyList<string>> After(Reader reader, string after, int most);
}

/// <summary>One service's blobs and who names them; each module that keeps blobs says so by this.</summary>
/// <param name="Service">The name that <see cref="BlobStore.Open"/> was given.</param>
/// <param name="Rows">Reads the service's rows; needs nothing but a reader.</param>
public sealed record BlobHolding(string Service, IBlobRows Rows);
