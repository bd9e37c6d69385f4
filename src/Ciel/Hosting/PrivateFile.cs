namespace Ciel.Hosting;

/// <summary>Opens files that only their owner may read, also where an earlier release left them open to all.</summary>
internal static class PrivateFile
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Opens or makes the file for writing; its mode is 0600 from the first moment.</summary>
    public static FileStream Open(string path, FileMode mode, FileShare share = FileShare.Read)
    {
        var file = new FileStream(path, new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = share, UnixCreateMode = Owner });
        File.SetUnixFileMode(file.SafeFileHandle, Owner);
        return file;
    }
}
