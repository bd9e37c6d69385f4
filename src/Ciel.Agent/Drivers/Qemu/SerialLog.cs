using Ciel.Agent.Host;

namespace Ciel.Agent.Drivers.Qemu;

/// <summary>
/// What a machine wrote to its serial port. QEMU only appends; the agent frees the old part from time to time. The file is the
/// machine's user's, so it is opened with suspicion.
/// </summary>
internal static class SerialLog
{
    /// <summary>Its last bytes, at most as many as given.</summary>
    public static Stream Open(MachineFolder folder, int uid, int most)
    {
        var path = Path.Combine(folder.Guest, MachineFolder.Serial);
        if (!File.Exists(path))
        {
            return new MemoryStream();
        }

        using var file = Files.OpenOwnedBy(uid, path);
        var length = RandomAccess.GetLength(file);
        var bytes = new byte[Math.Min(most, length)];
        var read = RandomAccess.Read(file, bytes, length - bytes.Length);
        return new MemoryStream(bytes, 0, read, writable: false);
    }

    /// <summary>Frees all but the last bytes.</summary>
    public static void Cut(MachineFolder folder, int uid, int keep)
    {
        try
        {
            var path = Path.Combine(folder.Guest, MachineFolder.Serial);
            if (File.Exists(path))
            {
                using var file = Files.OpenOwnedBy(uid, path, write: true);
                Files.KeepTail(file, keep);
            }
        }
        catch (IOException e)
        {
            Console.Error.WriteLine($"serial log: {e.Message}");
        }
    }
}
