using System.Collections.Concurrent;
using Ciel.Core;
using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Door;
using Microsoft.Extensions.Logging;

namespace Ciel.Services.ObjectStorage.Logging;

/// <summary>
/// Notes the accesses to buckets that are logged. Lines wait in memory for some seconds, then in the store until their log object is written; a clean stop
/// loses none. A killed program loses those seconds, and more than the memory may hold is not noted: S3, too, promises no more than its best.
/// </summary>
internal sealed partial class AccessLog : IAsyncDisposable
{
    private const int Most = 100_000;
    private const long MostCharacters = 32 << 20;
    private const long Day = 24L * 3600 * 1_000_000;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private readonly Db _db;
    private readonly Ids _ids;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ConcurrentQueue<(string Bucket, long Day, string Line)> _lines = new();
    private readonly SemaphoreSlim _flushing = new(1);
    private readonly ITimer _timer;
    private int _armed;
    private long _characters;

    public AccessLog(Db db, Ids ids, TimeProvider time, ILogger<AccessLog> log)
    {
        (_db, _ids, _time, _log) = (db, ids, time, log);
        _timer = time.CreateTimer(_ => _ = Tick(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The clock that measures.</summary>
    public long Timestamp => _time.GetTimestamp();

    /// <summary>Notes an access that was answered.</summary>
    public void Note(S3Call call)
    {
        if (!call.HasBucket || call.Bucket[SettingKinds.Logging] is null || _lines.Count >= Most || Interlocked.Read(ref _characters) > MostCharacters)
        {
            return;
        }

        var text = LogLine.Of(call, _time.GetElapsedTime(call.Begun));
        Interlocked.Add(ref _characters, text.Length);
        _lines.Enqueue((call.Bucket.Id, call.Now / Day * Day, text));
        if (Interlocked.Exchange(ref _armed, 1) == 0)
        {
            _timer.Change(Pause, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Puts what waits in memory into the store.</summary>
    public async Task Flush(CancellationToken cancel)
    {
        await _flushing.WaitAsync(cancel);
        try
        {
            var lines = new List<(string Bucket, long Day, string Line)>();
            while (lines.Count < Most && _lines.TryDequeue(out var line))
            {
                lines.Add(line);
            }

            if (lines.Count > 0)
            {
                await Store(lines, cancel);
                Interlocked.Add(ref _characters, -lines.Sum(l => (long)l.Line.Length));
            }
        }
        finally
        {
            _flushing.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await Flush(CancellationToken.None);
    }

    private async Task Store(List<(string Bucket, long Day, string Line)> lines, CancellationToken cancel)
    {
        var rows = lines.GroupBy(l => (l.Bucket, l.Day)).SelectMany(g => g.Chunk(250).Select(chunk => (Id: _ids.Uuid(), g.Key.Bucket, g.Key.Day, Lines: string.Concat(chunk.Select(l => l.Line))))).ToList();
        try
        {
            await _db.Write(
                async tx =>
                {
                    foreach (var row in rows)
                    {
                        await LogStore.Insert(tx, row.Id, row.Bucket, row.Day, row.Lines);
                    }
                },
                cancel);
        }
        catch
        {
            // Back in the queue; it is tried again when the next line comes.
            lines.ForEach(_lines.Enqueue);
            throw;
        }
    }

    private async Task Tick()
    {
        Interlocked.Exchange(ref _armed, 0);
        try
        {
            await Flush(CancellationToken.None);
        }
        catch (Exception e)
        {
            LogNotKept(_log, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Lines of access logs could not be kept; trying again with the next")]
    private static partial void LogNotKept(ILogger log, Exception e);
}
