using System.Text;

namespace Ciel.Core.Trust.Host;

/// <summary>Reads the root key's file, or makes it at the first start. One key a line, the newest first: <c>id key</c>, both in hex.</summary>
public static class RootKeyFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The keys in the file; made with one new key where there is no file.</summary>
    /// <exception cref="InvalidOperationException">The file can be read by others, or does not hold keys.</exception>
    public static RootKeys Open(string path, ISecrets secrets)
    {
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            Write(path, RootKeys.New(secrets));
        }

        if ((File.GetUnixFileMode(path) & ~(OwnerOnly | UnixFileMode.UserExecute)) != 0)
        {
            throw new InvalidOperationException($"The root key {path} can be read by others. Run: chmod 600 {path}");
        }

        return RootKeys.Parse(File.ReadAllText(path), path);
    }

    /// <summary>Replaces the file in one step; the bytes are on the disk when this returns.</summary>
    public static void Write(string path, RootKeys keys)
    {
        var fresh = path + ".new";
        File.Delete(fresh);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly };
        using (var file = new FileStream(fresh, options))
        {
            file.Write(Encoding.ASCII.GetBytes(keys.Text()));
            file.Flush(flushToDisk: true);
        }

        File.Move(fresh, path, overwrite: true);
    }
}
