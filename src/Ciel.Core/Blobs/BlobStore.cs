using Ciel.Core.Blobs.Host;
using Ciel.Core.Errors;
using Microsoft.Extensions.Logging;

namespace Ciel.Core.Blobs;

/// <summary>
/// The bytes of one service, on one disk or several. Put writes them once to a temporary file, hashes them in the same pass, gives them
/// their final name and makes both durable; only then does the caller's transaction name the id in a row. What no row names is swept after
/// a while, so that a crash at any point loses nothing that was promised and keeps nothing that was not.
/// </summary>
public sealed partial class BlobStore
{
    internal const int Piece = 4 * BlobTrailer.Block;
    private const long BetweenLooks = 64L << 20;
    private readonly IReadOnlyList<BlobDisk> _disks;
    private readonly BlobOptions _options;
    private readonly Ids _ids;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly DamageList _damages;
    private readonly PieceBuffers _buffers = new(Piece);
    private uint _turn;

    internal BlobStore(IReadOnlyList<BlobDisk> disks, BlobOptions options, string service, Ids ids, TimeProvider time, ILogger log)
    {
        (_disks, _options, Service, _ids, _time, _log) = (disks, options, service, ids, time, log);
        _damages = new DamageList(disks[0].Files);
    }

    /// <summary>Opens a service's folders and removes what a crash left half-written. One process has them open at a time.</summary>
    /// <exception cref="IOException">A further disk cannot be taken into use.</exception>
    public static BlobStore Open(BlobOptions options, string service, Ids ids, TimeProvider time, ILogger<BlobStore> log)
    {
        var roster = new DiskRoster(options);
        roster.Admit();
        return new BlobStore(roster.Disks(service), options, service, ids, time, log).Prepared();
    }

    /// <summary>Looks into a service's folders that another process may have open: it changes nothing but the list of the damaged.</summary>
    internal static BlobStore Attach(BlobOptions options, string service, Ids ids, TimeProvider time, ILogger log) =>
        new(new DiskRoster(options).Disks(service), options, service, ids, time, log);

    /// <summary>Readies every disk.</summary>
    internal BlobStore Prepared()
    {
        foreach (var disk in _disks)
        {
            disk.Prepare();
        }

        return this;
    }

    /// <summary>Takes the bytes of a stream. When it returns they are durable; nothing of a failed one is left.</summary>
    /// <param name="content">Read to its end, never whole in memory.</param>
    /// <param name="intake">Limits and who watches.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="Fault">413 beyond the limit, 400 for another length than declared, 507 where the disk is full or fails, and what the watcher throws.</exception>
    public async Task<BlobRef> Put(Stream content, BlobIntake intake, CancellationToken cancel)
    {
        if (intake.Length > intake.MaxBytes)
        {
            throw TooLarge(intake);
        }

        using var draft = Begin(intake.Length ?? 0);
        try
        {
            return await Receive(content, draft, intake, cancel);
        }
        catch
        {
            draft.Discard();
            throw;
        }
    }

    /// <summary>Opens a blob.</summary>
    /// <exception cref="Fault">404 where there is none, 500 where its file was changed, 503 where the disk fails.</exception>
    public BlobContent Get(string id) => new(this, id, _disks);

    /// <summary>Removes a blob whose row is gone. One that cannot be removed now is swept later.</summary>
    public void Delete(string id)
    {
        if (BackupMark.IsSet(_options, _time))
        {
            return;
        }

        var path = BlobDisk.PathOf(id);
        foreach (var disk in _disks)
        {
            try
            {
                disk.Files.Delete(path);
            }
            catch (IOException e)
            {
                LogNotRemoved(_log, path, e);
            }
        }
    }

    private BlobDraft Begin(long bytes)
    {
        var disks = WithRoom(bytes);
        // Each put begins at the next disk, so that all of them work and a new one is used at once.
        var first = disks.Count == 1 ? 0 : (int)(Interlocked.Increment(ref _turn) % (uint)disks.Count);
        return OnDisk(() => BlobDraft.Begin(disks.Skip(first).Concat(disks.Take(first)), _options.Copies, Path.Combine(BlobDisk.Incoming, _ids.Hex()), LeftOut));
    }

    private async Task<BlobRef> Receive(Stream content, BlobDraft draft, BlobIntake intake, CancellationToken cancel)
    {
        var buffer = _buffers.Rent();
        using var hashes = new BlobHashes(intake);
        var sums = new BlockSums();
        try
        {
            var size = 0L;
            for (var look = BetweenLooks; ;)
            {
                var read = await content.ReadAtLeastAsync(buffer, Piece, throwOnEndOfStream: false, cancel);
                size += read;
                if (size > intake.MaxBytes)
                {
                    throw TooLarge(intake);
                }

                hashes.Append(buffer.Span[..read]);
                intake.Watch?.Invoke(buffer.Span[..read]);
                sums.Append(buffer.Span[..read]);
                OnDisk(() => draft.Write(buffer.Span[..read]));
                if (read < Piece)
                {
                    break;
                }

                if (size >= look)
                {
                    WithRoom(0);
                    look += BetweenLooks;
                }
            }

            if (intake.Length is { } declared && declared != size)
            {
                throw Fault.BadRequest($"{declared} bytes were announced but {size} came. Send the data again.");
            }

            // The id is younger than the last byte, so that the sweep's grace begins when the bytes are complete.
            var id = _ids.Uuid();
            OnDisk(() => draft.Write(sums.Finish(id, size)));
            await OnDisk(() => draft.Finish(id, sync: !intake.Relaxed));
            return hashes.Finish(id, size);
        }
        finally
        {
            _buffers.Return(buffer);
        }
    }

    private static Fault TooLarge(BlobIntake intake) => Fault.TooLarge($"The data is larger than the {intake.MaxBytes} bytes that may be stored.");
}
