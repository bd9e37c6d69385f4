using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Win32.SafeHandles;

namespace Ciel.Agent.Host;

/// <summary>Files that survive a power cut, and files that somebody hostile may have touched.</summary>
internal static class Files
{
    /// <summary>Replaces a file whole: after a crash there is the old content or the new.</summary>
    public static void WriteJson<T>(string path, T value, JsonTypeInfo<T> type)
    {
        var temporary = path + ".new";
        File.Delete(temporary);
        using (var file = new FileStream(temporary, Private(FileMode.CreateNew)))
        {
            JsonSerializer.Serialize(file, value, type);
            file.Flush(flushToDisk: true);
        }

        Rename(temporary, path);
    }

    /// <summary>How to open a file that only root may read.</summary>
    public static FileStreamOptions Private(FileMode mode) => new()
    {
        Mode = mode,
        Access = FileAccess.ReadWrite,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
    };

    /// <summary>Reads what <see cref="WriteJson"/> wrote; null when there is none.</summary>
    public static T? ReadJson<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        if (!File.Exists(path))
        {
            return null;
        }

        using var file = File.OpenRead(path);
        return JsonSerializer.Deserialize(file, type);
    }

    /// <summary>Renames durably.</summary>
    public static void Rename(string from, string to)
    {
        File.Move(from, to, overwrite: true);
        SyncDirectory(Path.GetDirectoryName(to)!);
    }

    /// <summary>The text of a file that may vanish at any moment, such as one of /proc; null when it is gone.</summary>
    public static string? TryReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Makes a directory with this owner and mode, or gives an existing one both.</summary>
    public static void MakeDirectory(string path, UnixFileMode mode, int owner = 0)
    {
        Directory.CreateDirectory(path);
        File.SetUnixFileMode(path, mode);
        Libc.Checked(Libc.Chown(path, owner, owner), $"chown {path}");
    }

    /// <summary>Removes a directory with all in it, if it is there. Links are removed, never followed.</summary>
    public static void Remove(string directory)
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
            SyncDirectory(Path.GetDirectoryName(directory)!);
        }
    }

    /// <summary>
    /// Opens a file in a directory that another user may write to. Refuses a link, a device and a file of anyone else: they would
    /// make us read or cut what that user may not.
    /// </summary>
    public static unsafe SafeFileHandle OpenOwnedBy(int uid, string path, bool write = false)
    {
        const int statSize = 144;
        const int kind = 0xf000;
        const int regular = 0x8000;
        var flags = (write ? Libc.OpenReadWrite : Libc.OpenReadOnly) | Libc.OpenNoFollow | Libc.OpenNonBlocking | Libc.OpenCloseOnExec;
        var fd = Libc.Checked(Libc.Open(path, flags, 0), $"open {path}");
        var handle = new SafeFileHandle(fd, ownsHandle: true);
        var stat = stackalloc byte[statSize];
        if (Libc.Fstat(fd, stat) != 0 || (*(int*)(stat + 24) & kind) != regular || *(int*)(stat + 28) != uid)
        {
            handle.Dispose();
            throw new IOException($"{path} is not a file of user {uid}");
        }

        return handle;
    }

    /// <summary>The group that may read and write a device, unless that is root's.</summary>
    public static unsafe int? GroupOf(string device)
    {
        const int statSize = 144;
        using var handle = File.OpenHandle(device);
        var stat = stackalloc byte[statSize];
        return Libc.Fstat((int)handle.DangerousGetHandle(), stat) == 0 && *(int*)(stat + 32) is not 0 and var group ? group : null;
    }

    /// <summary>Frees all but the last bytes of a growing file; its length and later offsets stay as they are.</summary>
    public static void KeepTail(SafeFileHandle file, long keep)
    {
        const int punchHoleKeepSize = 1 | 2;
        var length = RandomAccess.GetLength(file);
        if (length > keep)
        {
            _ = Libc.Fallocate((int)file.DangerousGetHandle(), punchHoleKeepSize, 0, length - keep);
        }
    }

    private static void SyncDirectory(string path)
    {
        var fd = Libc.Checked(Libc.Open(path, Libc.OpenReadOnly | Libc.OpenDirectory | Libc.OpenCloseOnExec, 0), $"open {path}");
        var result = Libc.Fsync(fd);
        _ = Libc.Close(fd);
        Libc.Checked(result, $"fsync {path}");
    }
}
