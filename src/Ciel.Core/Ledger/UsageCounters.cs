using Ciel.Core.Ledger.Host;
using Ciel.Core.Store;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace Ciel.Core.Ledger;

/// <summary>
/// Counts usage of what is too frequent for a row each. Each count goes to a file at once, so that a killed process loses none; every few seconds the
/// sheet is folded into the ledger, in one transaction that remembers its number, so that none counts twice. A power cut loses what was not folded yet.
/// </summary>
public sealed partial class UsageCounters : IAsyncDisposable
{
    /// <summary>From the first count of a sheet to its folding: with the fold itself well within the 5 s that a power cut may cost.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);
    private readonly Db _db;
    private readonly ILogger _log;
    private readonly CounterFolder _folder;
    private readonly IReadOnlyList<UsageMeter> _meters;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _folding = new(1);
    private readonly Queue<(CounterSheet Sheet, SafeFileHandle? File)> _sealed = new();
    private CounterSheet? _sheet;
    private SafeFileHandle? _file;
    private string? _source;
    private long _next;

    /// <summary>Makes a set of counters, which begins to count with <see cref="Begin"/>.</summary>
    /// <param name="db">The store.</param>
    /// <param name="options">Where files lie.</param>
    /// <param name="name">The set's name: a folder.</param>
    /// <param name="meters">What is counted; at most 16.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Hears of disks that fail.</param>
    public UsageCounters(Db db, CounterOptions options, string name, IReadOnlyList<UsageMeter> meters, TimeProvider time, ILogger<UsageCounters> log)
    {
        (_db, _log, _meters, _folder) = (db, log, meters, new CounterFolder(Path.Combine(options.Root, name)));
        _timer = time.CreateTimer(_ => _ = Tick(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Folds what a killed process left, then is ready to count.</summary>
    public async Task Begin(CancellationToken cancel)
    {
        _source = _folder.Open();
        var left = _folder.Leftovers();
        foreach (var sequence in left)
        {
            if (CounterSheet.Parse(_folder.Read(sequence)) is { } sheet)
            {
                await _db.Write(tx => UsageCounts.Fold(tx, sheet.Source, sheet.Sequence, sheet.Counts), cancel);
            }

            _folder.Delete(sequence);
        }

        _next = Math.Max(await _db.Read(r => UsageCounts.Folded(r, _source), cancel), left is [.., var last] ? last : 0) + 1;
    }

    /// <summary>Counts: when it returns, killing the process loses nothing of it.</summary>
    /// <param name="projectId">Who pays.</param>
    /// <param name="resourceId">What was used.</param>
    /// <param name="amounts">How much of each meter, in their order.</param>
    public void Add(string projectId, string resourceId, params ReadOnlySpan<long> amounts)
    {
        lock (_lock)
        {
            if (_sheet is null)
            {
                _sheet = new CounterSheet(_source ?? throw new InvalidOperationException("The counters have not begun."), _next++, _meters);
                Create(_sheet);
                _timer.Change(Pause, Timeout.InfiniteTimeSpan);
            }

            var slot = _sheet.Add(projectId, resourceId, amounts);
            Keep(_sheet.Slot(projectId, resourceId), CounterSheet.HeadSize + ((long)slot * CounterSheet.SlotSize));
        }
    }

    /// <summary>Folds what was counted until now into the ledger.</summary>
    public async Task Fold(CancellationToken cancel)
    {
        await _folding.WaitAsync(cancel);
        try
        {
            Seal();
            while (_sealed.TryPeek(out var next))
            {
                await _db.Write(tx => UsageCounts.Fold(tx, next.Sheet.Source, next.Sheet.Sequence, next.Sheet.Counts), cancel);
                _sealed.Dequeue();
                next.File?.Dispose();
                _folder.Delete(next.Sheet.Sequence);
            }
        }
        finally
        {
            _folding.Release();
        }
    }

    /// <summary>Folds for the last time.</summary>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await Tick();
        foreach (var (_, file) in _sealed)
        {
            file?.Dispose();
        }

        _folding.Dispose();
    }

    private void Seal()
    {
        lock (_lock)
        {
            if (_sheet is not null)
            {
                _sealed.Enqueue((_sheet, _file));
                (_sheet, _file) = (null, null);
            }
        }
    }

    private async Task Tick()
    {
        try
        {
            await Fold(CancellationToken.None);
        }
        catch (Exception e)
        {
            LogPostponed(_log, e);
            _timer.Change(Pause, Timeout.InfiniteTimeSpan);
        }
    }

    private void Create(CounterSheet sheet)
    {
        try
        {
            _file = _folder.Create(sheet.Sequence);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnkept(_log, e);
        }

        Keep(sheet.Head(), 0);
    }

    // Where the disk refuses, the rest of the sheet stands in memory only.
    private void Keep(byte[] bytes, long offset)
    {
        try
        {
            if (_file is not null)
            {
                CounterFolder.Write(_file, bytes, offset);
            }
        }
        catch (IOException e)
        {
            LogUnkept(_log, e);
            _file?.Dispose();
            _file = null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Usage could not be written on the ledger now; it is kept and tried again")]
    private static partial void LogPostponed(ILogger log, Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Usage could not be written to its file: it stands in memory only until it is on the ledger")]
    private static partial void LogUnkept(ILogger log, Exception e);
}
