#pragma warning disable RS0030 // A source's name is made once for each directory, before anything is counted; nothing that is simulated depends on it.
using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Ciel.Core.Ledger.Host;

/// <summary>
/// The files of one process's counters. They are written without syncing: the system keeps what a killed process wrote. A file is not mapped into memory,
/// because a full disk would then kill the process instead of failing one call.
/// </summary>
internal sealed class CounterFolder(string path)
{
    private const string Ending = ".counts";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes the folder; answers its source's name, which stays.</summary>
    public string Open()
    {
        Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
        var file = Path.Combine(path, "source");
        if (File.Exists(file) && File.ReadAllText(file) is { Length: 36 } known)
        {
            return known;
        }

        // A power cut may lose this name: then another one counts from its own beginning, and the old sheets still bear the old.
        var source = Guid.NewGuid().ToString();
        using var handle = Make(file);
        Write(handle, Encoding.ASCII.GetBytes(source), 0);
        return source;
    }

    /// <summary>The numbers of the sheets that are there, in order.</summary>
    public IReadOnlyList<long> Leftovers() => [.. Directory.EnumerateFiles(path, "*" + Ending)
        .Select(f => long.Parse(Path.GetFileNameWithoutExtension(f), CultureInfo.InvariantCulture)).Order()];

    public byte[] Read(long sequence) => File.ReadAllBytes(Name(sequence));

    public SafeFileHandle Create(long sequence) => Make(Name(sequence));

    public static void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(file, bytes, offset);

    public void Delete(long sequence) => File.Delete(Name(sequence));

    private static SafeFileHandle Make(string name)
    {
        // Handles are opened without a mode: the stream makes the file its owner's alone.
        new FileStream(name, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }).Dispose();
        return File.OpenHandle(name, FileMode.Open, FileAccess.Write, FileShare.Read);
    }

    private string Name(long sequence) => Path.Combine(path, sequence.ToString("D19", CultureInfo.InvariantCulture) + Ending);
}
