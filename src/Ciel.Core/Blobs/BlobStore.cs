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
    private const int Piece = 4 * BlobTrailer.Block;
    private const long BetweenLooks = 64L << 20;
    private readonly IBlobFiles _files;
    private readonly BlobOptions _options;
    private readonly Ids _ids;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly DamageList _damages;

    internal BlobStore(IBlobFiles files, BlobOptions options, string service, Ids ids, TimeProvider time, ILogger log)
    {
        (_files, _options, Service, _ids, _time, _log) = (files, options, service, ids, time, log);
        _damages = new DamageList(files);
    }

    /// <summary>Opens a service's folder and removes what a crash left half-written. One process has it open at a time.</summary>
    public static BlobStore Open(BlobOptions options, string service, Ids ids, TimeProvider time, ILogger<BlobStore> log) =>
        Attach(options, service, ids, time, log).Prepared();

    /// <summary>Looks into a service's folder that another process may have open: it changes nothing but the list of the damaged.</summary>
    internal static BlobStore Attach(BlobOptions options, string service, Ids ids, TimeProvider time, ILogger log) =>
        new(new DiskBlobFiles(Path.Combine(options.Root, service)), options, service, ids, time, log);

    /// <summary>Makes the folders durable, up to the directory that the root lies in, and empties the one of half-written files.</summary>
    internal BlobStore Prepared()
    {
        _files.MakeDirectory("");
        _files.MakeDirectory(Temporary);
        _files.MakeDirectory(DamageList.Folder);
        foreach (var shard in Shards)
        {
            _files.MakeDirectory(shard);
        }

        _files.SyncDirectory("");
        _files.SyncDirectory("..");
        _files.SyncDirectory("../..");
        foreach (var leftover in _files.List(Temporary).ToArray())
        {
            _files.Delete(Path.Combine(Temporary, leftover));
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

        NeedRoom(intake.Length ?? 0);
        var temporary = Path.Combine(Temporary, _ids.Hex());
        try
        {
            var blob = await Receive(content, temporary, intake, cancel);
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
    /// <exception cref="Fault">404 where there is none, 500 where its file was changed, 503 where the disk fails.</exception>
    public BlobContent Get(string id)
    {
        try
        {
            return new BlobContent(new VerifiedFile(_files.Open(PathOf(id)), id), id, this);
        }
        catch (FileNotFoundException)
        {
            throw Fault.NotFound("The data could not be found.");
        }
        catch (Exception e) when (e is BlobDamagedException or IOException)
        {
            throw ToFault(id, e);
        }
    }

    /// <summary>Removes a blob whose row is gone. One that cannot be removed now is swept later.</summary>
    public void Delete(string id) => Discard(PathOf(id));

    private async Task<BlobRef> Receive(Stream content, string temporary, BlobIntake intake, CancellationToken cancel)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Piece);
        using var hashes = new BlobHashes(intake);
        var sums = new BlockSums();
        try
        {
            using var file = OnDisk(() => _files.Create(temporary));
            var size = 0L;
            for (var look = BetweenLooks; ;)
            {
                var read = await content.ReadAtLeastAsync(buffer.AsMemory(0, Piece), Piece, throwOnEndOfStream: false, cancel);
                size += read;
                if (size > intake.MaxBytes)
                {
                    throw TooLarge(intake);
                }

                hashes.Append(buffer.AsSpan(0, read));
                intake.Watch?.Invoke(buffer.AsSpan(0, read));
                sums.Append(buffer.AsSpan(0, read));
                OnDisk(() => file.Write(buffer.AsSpan(0, read)));
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

            // The id is younger than the last byte, so that the sweep's grace begins when the bytes are complete.
            var id = _ids.Uuid();
            OnDisk(() => file.Write(sums.Finish(id, size)));
            OnDisk(file.Sync);
            return hashes.Finish(id, size);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static Fault TooLarge(BlobIntake intake) => Fault.TooLarge($"The data is larger than the {intake.MaxBytes} bytes that may be stored.");

    private static string PathOf(string id) => IsId(id)
        ? Path.Combine(id[^2..], id)
        : throw new ArgumentException($"'{id}' is no blob's id", nameof(id));
}
