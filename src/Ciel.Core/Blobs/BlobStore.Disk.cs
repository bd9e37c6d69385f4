using Ciel.Core.Errors;
using Microsoft.Extensions.Logging;

namespace Ciel.Core.Blobs;

// Words what the disk throws; what the sender's stream throws is not a fault of the disk and passes.
public sealed partial class BlobStore
{
    /// <summary>Words a failed read and puts the blob on the list.</summary>
    internal Fault ToFault(string id, Exception e)
    {
        LogUnreadable(_log, Service, id, e);
        try
        {
            _damages.Add(new Damage(id, $"{_time.GetUtcNow():u} {e.Message}"));
        }
        catch (IOException notNoted)
        {
            LogDiskFailed(_log, notNoted);
        }

        return e is BlobDamagedException ? DiskFaults.Damaged() : DiskFaults.Unreadable();
    }

    private T OnDisk<T>(Func<T> act)
    {
        try
        {
            return act();
        }
        catch (IOException e)
        {
            LogDiskFailed(_log, e);
            throw DiskFaults.IsFull(e) ? DiskFaults.Full() : DiskFaults.Failed();
        }
    }

    private void OnDisk(Action act) => OnDisk(() =>
    {
        act();
        return true;
    });

    private void NeedRoom(long bytes)
    {
        var room = OnDisk(_files.Room);
        if (room.Bytes - _options.Reserve < bytes || room.Files <= _options.ReserveFiles)
        {
            throw DiskFaults.Full();
        }
    }

    private void Discard(string path)
    {
        try
        {
            _files.Delete(path);
        }
        catch (IOException e)
        {
            LogNotRemoved(_log, path, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Blob file {Path} could not be removed; the sweep or the next start tries again")]
    private static partial void LogNotRemoved(ILogger log, string path, Exception e);

    [LoggerMessage(Level = LogLevel.Error, Message = "The disk of the blobs failed")]
    private static partial void LogDiskFailed(ILogger log, Exception e);

    [LoggerMessage(Level = LogLevel.Error, Message = "Blob {Id} of {Service} cannot be read as it was written and is not handed out; see `ciel doctor`")]
    private static partial void LogUnreadable(ILogger log, string service, string id, Exception e);
}
