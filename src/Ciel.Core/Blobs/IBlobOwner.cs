using Ciel.Core.Store;

namespace Ciel.Core.Blobs;

/// <summary>Says which blobs of a service its rows name; the rest is swept.</summary>
public interface IBlobOwner
{
    /// <summary>Those of the ids that a row names.</summary>
    Task<IReadOnlyCollection<string>> Owned(Reader reader, IReadOnlyCollection<string> blobIds);
}
