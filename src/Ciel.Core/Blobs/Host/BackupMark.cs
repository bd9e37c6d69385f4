namespace Ciel.Core.Blobs.Host;

/// <summary>
/// Says that a backup copies blobs: until it is done none is removed, so that what the copied rows name is still there. What would have been removed meanwhile
/// is swept later. A mark that its backup, having died, no longer renews means nothing after an hour.
/// </summary>
public sealed class BackupMark : IDisposable
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);
    private readonly string _path;
    private readonly TimeProvider _time;

    private BackupMark(string path, TimeProvider time) => (_path, _time) = (path, time);

    /// <summary>Sets the mark; before the rows are copied.</summary>
    public static BackupMark Set(BlobOptions options, TimeProvider time)
    {
        var mark = new BackupMark(PathOf(options), time);
        new FileStream(mark._path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }).Dispose();
        mark.Renew();
        return mark;
    }

    /// <summary>The backup goes on.</summary>
    public void Renew() => File.SetLastWriteTimeUtc(_path, _time.GetUtcNow().UtcDateTime);

    /// <summary>The backup is done.</summary>
    public void Dispose() => File.Delete(_path);

    internal static bool IsSet(BlobOptions options, TimeProvider time)
    {
        // Of a file that is not there this is the year 1601.
        var age = time.GetUtcNow() - File.GetLastWriteTimeUtc(PathOf(options));
        return age < Life && age > -Life;
    }

    private static string PathOf(BlobOptions options) => options.Root.TrimEnd('/') + ".backup";
}
