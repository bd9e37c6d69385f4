using System.Text;

namespace Ciel.Core.Blobs;

/// <summary>A blob that could not be read as it was written.</summary>
/// <param name="Id">The blob.</param>
/// <param name="What">What was found, for the operator.</param>
internal sealed record Damage(string Id, string What);

/// <summary>
/// The blobs that were found damaged: one small file for each beside the blobs, so that the note outlives the process and needs no
/// database. Taken off when the scrub finds the blob whole again or gone.
/// </summary>
internal sealed class DamageList(IBlobFiles files)
{
    public const string Folder = "damaged";
    private const int LongestNote = 1000;
    private readonly Lock _lock = new();

    /// <summary>Puts a blob on the list; the first note stays.</summary>
    public void Add(Damage damage)
    {
        lock (_lock)
        {
            if (!files.List(Folder).Contains(damage.Id))
            {
                using var note = files.Create(PathOf(damage.Id));
                note.Write(Encoding.UTF8.GetBytes(damage.What));
            }
        }
    }

    public IReadOnlyList<Damage> All() => [.. files.List(Folder).Order(StringComparer.Ordinal).Select(id => new Damage(id, Read(id)))];

    public void Remove(string id) => files.Delete(PathOf(id));

    private string Read(string id)
    {
        using var note = files.Open(PathOf(id));
        var bytes = new byte[LongestNote];
        return Encoding.UTF8.GetString(bytes, 0, note.Read(bytes, 0));
    }

    private static string PathOf(string id) => Path.Combine(Folder, id);
}
