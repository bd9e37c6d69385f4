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

    /// <summary>A disk had a copy that cannot be read as it was written; another disk's is handed out.</summary>
    internal void BadCopy(string id, BlobDisk disk, Exception e) => LogBadCopy(_log, Service, id, disk.Name, e);

    private T OnDisk<T>(Func<T> act)
    {
        try
        {
            return act();
        }
        catch (IOException e)
        {
            throw Failed(e);
        }
    }

    private void OnDisk(Action act) => OnDisk(() =>
    {
        act();
        return true;
    });

    private async Task OnDisk(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (IOException e)
        {
            throw Failed(e);
        }
    }

    private Fault Failed(IOException e)
    {
        LogDiskFailed(_log, e);
        return DiskFaults.IsFull(e) ? DiskFaults.Full() : DiskFaults.Failed();
    }

    /// <summary>The disks that have room; one that cannot even say is left out as long as another can.</summary>
    private List<BlobDisk> WithRoom(long bytes)
    {
        var (able, last) = (new List<BlobDisk>(), default(IOException));
        foreach (var disk in _disks)
        {
            try
            {
                if (disk.HasRoom(_options, bytes))
                {
                    able.Add(disk);
                }
            }
            catch (IOException e)
            {
                last = e;
                LeftOut(disk.Name, e);
            }
        }

        return able.Count > 0 ? able : throw (last is null ? DiskFaults.Full() : Failed(last));
    }

    private void LeftOut(string disk, Exception e) => LogLeftOut(_log, disk, e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Blob file {Path} could not be removed; the sweep or the next start tries again")]
    private static partial void LogNotRemoved(ILogger log, string path, Exception e);

    [LoggerMessage(Level = LogLevel.Error, Message = "The disk of the blobs failed")]
    private static partial void LogDiskFailed(ILogger log, Exception e);

    [LoggerMessage(Level = LogLevel.Error, Message = "The disk {Disk} of the blobs failed; see `ciel doctor`")]
    private static partial void LogLeftOut(ILogger log, string disk, Exception e);

    [LoggerMessage(Level = LogLevel.Error, Message = "Blob {Id} of {Service} cannot be read as it was written and is not handed out; see `ciel doctor`")]
    private static partial void LogUnreadable(ILogger log, string service, string id, Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The copy of blob {Id} of {Service} on {Disk} cannot be read as it was written; another is used, and mends it")]
    private static partial void LogBadCopy(ILogger log, string service, string id, string disk, Exception e);
}
