using Ciel.Core.Errors;

namespace Ciel.Core.Blobs;

// Words what the disk throws; what the sender's stream throws is not a fault of the disk and passes.
public sealed partial class BlobStore
{
    private T OnDisk<T>(Func<T> act)
    {
        try
        {
            return act();
        }
        catch (IOException e)
        {
            throw ToFault(e);
        }
    }

    private void OnDisk(Action act) => OnDisk(() =>
    {
        act();
        return true;
    });

    private async ValueTask OnDisk(Func<ValueTask> act)
    {
        try
        {
            await act();
        }
        catch (IOException e)
        {
            throw ToFault(e);
        }
    }

    private Fault ToFault(IOException e)
    {
        LogDiskFailed(_log, e);
        return DiskFaults.IsFull(e) ? DiskFaults.Full() : DiskFaults.Failed();
    }
}
