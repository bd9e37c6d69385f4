using Ciel.Core.Store;
using Microsoft.Extensions.Logging;

namespace Ciel.Services.Images.Data;

/// <summary>Keeps an upload alive while its bytes come in, and ends it when the image is deleted meanwhile.</summary>
internal sealed partial class UploadLease : IAsyncDisposable
{
    /// <summary>How long an upload whose process is gone holds its image.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromSeconds(90);
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _over = new();
    private readonly PeriodicTimer _timer;
    private readonly Task _renewal;

    public UploadLease(Db db, string uploadId, TimeProvider time, ILogger log)
    {
        _timer = new PeriodicTimer(Span / 3, time);
        _renewal = Renew(db, uploadId, log);
    }

    /// <summary>Cancelled when the upload no longer holds its image.</summary>
    public CancellationToken Lost => _lost.Token;

    public static long UntilMicros(long now) => now + (long)Span.TotalMicroseconds;

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _renewal;
        _timer.Dispose();
        _over.Dispose();
        _lost.Dispose();
    }

    private async Task Renew(Db db, string uploadId, ILogger log)
    {
        try
        {
            while (await _timer.WaitForNextTickAsync(_over.Token))
            {
                if (!await TryRenew(db, uploadId, log))
                {
                    await _lost.CancelAsync();
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (_over.IsCancellationRequested)
        {
            // The upload is over.
        }
    }

    // A store that is busy now may answer the next time, and the lease lasts for three.
    private async Task<bool> TryRenew(Db db, string uploadId, ILogger log)
    {
        try
        {
            return await db.Write(tx => UploadStore.Renew(tx, uploadId, UntilMicros(tx.Now)), _over.Token);
        }
        catch (StoreBusyException e)
        {
            LogNotRenewed(log, uploadId, e);
            return true;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lease of upload {UploadId} could not be renewed")]
    private static partial void LogNotRenewed(ILogger log, string uploadId, Exception e);
}
