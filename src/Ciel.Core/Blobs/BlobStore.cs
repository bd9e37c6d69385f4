using System.Buffers;
using Ciel.Core.Blobs.Host;
using Ciel.Core.Errors;
using Microsoft.Extensions.Logging;

namespace Ciel.Core.Blobs;

/// <summary>
/// The bytes of one service. Put writes them once to a temporary file, hashes them in the same pass, makes them durable and gives
/// them their final name; only then does the caller's transaction name the id in a row. What no row names is swept after a while, so
/// that a crash at any point loses nothing that was promised and keeps nothing that was not.
/// </summary>
public sealed partial class BlobStore
{
    private const string Temporary = "incoming";
    private const int Piece = 256 * 1024;
    private const long BetweenLooks = 64L << 20;
    private readonly IBlobFiles _files;
    private readonly Ids _ids;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly long _reserve;

    internal BlobStore(IBlobFiles files, long reserve, Ids ids, TimeProvider time, ILogger log)
    {
        (_files, _reserve, _ids, _time, _log) = (files, reserve, ids, time, log);
        files.MakeDirectory(Temporary);
        foreach (var shard in Shards)
        {
            files.MakeDirectory(shard);
        }

        files.SyncDirectory("");
        foreach (var leftover in files.List(Temporary).ToArray())
        {
            files.Delete(Path.Combine(Temporary, leftover));
        }
    }

    /// <summary>Opens a service's folder and removes what a crash left half-written. One process has it open at a time.</summary>
    public static BlobStore Open(BlobOptions options, string service, Ids ids, TimeProvider time, ILogger<BlobStore> log) =>
        new(new DiskBlobFiles(Path.Combine(options.Root, service)), options.Reserve, ids, time, log);

    internal static IReadOnlyList<string> Shards { get; } = [.. Enumerable.Range(0, 256).Select(n => n.ToString("x2"))];

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

        NeedRoom(intake.Length ?? 0);
        var temporary = Path.Combine(Temporary, _ids.Hex());
        try
        {
            var blob = await Receive(content, temporary, intake, cancel);
            // The name is younger than the last byte, so that the sweep's grace begins when the bytes are complete.
            var final = PathOf(blob.Id);
            OnDisk(() => _files.Move(temporary, final));
            temporary = final;
            OnDisk(() => _files.SyncDirectory(Path.GetDirectoryName(final)!));
            return blob;
        }
        catch
        {
            Discard(temporary);
            throw;
        }
    }

    /// <summary>Opens a blob.</summary>
    /// <exception cref="Fault">404 where there is none, 503 where the disk fails.</exception>
    public BlobContent Get(string id)
    {
        try
        {
            return new BlobContent(_files.Open(PathOf(id)));
        }
        catch (FileNotFoundException)
        {
            throw Fault.NotFound("The data could not be found.");
        }
        catch (IOException e)
        {
            LogDiskFailed(_log, e);
            throw DiskFaults.Unreadable();
        }
    }

    /// <summary>Removes a blob whose row is gone. One that cannot be removed now is swept later.</summary>
    public void Delete(string id) => Discard(PathOf(id));

    /// <summary>The ids in one shard that are older than the grace: made so long ago that their row, if any, is committed.</summary>
    internal IReadOnlyList<string> Old(string shard, TimeSpan grace)
    {
        var newest = (_time.GetUtcNow() - grace).ToUnixTimeMilliseconds();
        return [.. _files.List(shard).Where(id => IsId(id) && MadeAt(id) <= newest)];
    }

    private async Task<BlobRef> Receive(Stream content, string temporary, BlobIntake intake, CancellationToken cancel)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Piece);
        using var hashes = new BlobHashes(intake.Sha256);
        try
        {
            using var file = OnDisk(() => _files.Create(temporary));
            var size = 0L;
            for (var look = BetweenLooks; ;)
            {
                var read = await content.ReadAtLeastAsync(buffer, Piece, throwOnEndOfStream: false, cancel);
                size += read;
                if (size > intake.MaxBytes)
                {
                    throw TooLarge(intake);
                }

                hashes.Append(buffer.AsSpan(0, read));
                intake.Watch?.Invoke(buffer.AsSpan(0, read));
                await OnDisk(() => file.Write(buffer.AsMemory(0, read), cancel));
                if (read < Piece)
                {
                    break;
                }

                if (size >= look)
                {
                    NeedRoom(0);
                    look += BetweenLooks;
                }
            }

            if (intake.Length is { } declared && declared != size)
            {
                throw Fault.BadRequest($"{declared} bytes were announced but {size} came. Send the data again.");
            }

            OnDisk(file.Sync);
            return hashes.Finish(_ids.Uuid(), size);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void NeedRoom(long bytes)
    {
        if (OnDisk(_files.FreeBytes) - _reserve < bytes)
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

    private static Fault TooLarge(BlobIntake intake) => Fault.TooLarge($"The data is larger than the {intake.MaxBytes} bytes that may be stored.");

    private static string PathOf(string id) => IsId(id)
        ? Path.Combine(id[^2..], id)
        : throw new ArgumentException($"'{id}' is no blob's id", nameof(id));

    private static bool IsId(string id) => id.Length == 36 && Guid.TryParseExact(id, "D", out _);

    private static long MadeAt(string id) => Convert.ToInt64(id[..8] + id[9..13], 16);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Blob file {Path} could not be removed; the sweep or the next start tries again")]
    private static partial void LogNotRemoved(ILogger log, string path, Exception e);

    [LoggerMessage(Level = LogLevel.Error, Message = "The disk of the blobs failed")]
    private static partial void LogDiskFailed(ILogger log, Exception e);
}
