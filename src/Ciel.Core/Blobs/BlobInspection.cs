using System.Runtime.CompilerServices;
using Ciel.Core.Errors;
using Ciel.Core.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ciel.Core.Blobs;

/// <summary>Looks at a service's blobs from beside, whether the program runs or not. Changes nothing but the list of the damaged.</summary>
public sealed class BlobInspection
{
    private const int Batch = 500;
    private readonly BlobStore _blobs;
    private readonly IBlobRows _rows;

    internal BlobInspection(BlobStore blobs, IBlobRows rows) => (_blobs, _rows) = (blobs, rows);

    /// <summary>Of the blobs that a module says it has.</summary>
    public static BlobInspection Of(BlobHolding holding, BlobOptions options, TimeProvider time, ISecrets secrets) =>
        new(BlobStore.Attach(options, holding.Service, new Ids(time, secrets), time, NullLogger.Instance), holding.Rows);

    /// <summary>Whose blobs.</summary>
    public string Service => _blobs.Service;

    /// <summary>The disks that are not there, of all services: nothing of theirs can be read, and new blobs go to the others.</summary>
    public static IReadOnlyList<string> GoneDisks(BlobOptions options) => new Host.DiskRoster(options).Gone;

    /// <summary>The directories of the disks that are there, the root first; each has a folder for each service.</summary>
    public static IReadOnlyList<string> Directories(BlobOptions options) => [.. new Host.DiskRoster(options).Disks("").Select(d => d.Name)];

    /// <summary>What readers, the scrub and earlier checks found, and what is still there.</summary>
    public IReadOnlyList<BlobProblem> Damaged() => [.. _blobs.Damages.Select(Damage)];

    /// <summary>Compares rows with bytes both ways, then reads all bytes and verifies them.</summary>
    /// <param name="db">The rows.</param>
    /// <param name="quick">Leaves the bytes unread.</param>
    /// <param name="progress">Hears after each of the 256 shards.</param>
    /// <param name="cancel">Gives up.</param>
    public async IAsyncEnumerable<BlobProblem> Check(Db db, bool quick, Action<CheckProgress> progress, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var id in WithoutBytes(db, cancel))
        {
            yield return new BlobProblem(Service, BlobProblem.NoBytes, id, "A row names it but it is gone: bring it back from a backup, or delete what names it.");
        }

        var (blobs, bytes) = (0L, 0L);
        for (var shard = 0; shard < BlobStore.Shards.Count; shard++)
        {
            foreach (var ids in _blobs.Ids(BlobStore.Shards[shard]).Chunk(Batch))
            {
                var owned = (await db.Read(r => _rows.Owned(r, ids), cancel)).ToHashSet();
                foreach (var id in ids.Where(id => !owned.Contains(id) && _blobs.IsOld(id, _blobs.Options.Grace) && _blobs.Has(id)))
                {
                    yield return new BlobProblem(Service, BlobProblem.NoRow, id, "No row names it: the sweep removes it within an hour or two where the program runs.");
                }

                foreach (var id in quick ? [] : ids.Where(owned.Contains))
                {
                    blobs++;
                    if (Verify(id, ref bytes, cancel) is { } damage)
                    {
                        yield return damage;
                    }
                }
            }

            progress(new CheckProgress(Service, shard + 1, BlobStore.Shards.Count, blobs, bytes));
        }
    }

    // The row may have gone between both looks; it is asked again before it is blamed.
    private async IAsyncEnumerable<string> WithoutBytes(Db db, [EnumeratorCancellation] CancellationToken cancel)
    {
        for (var after = ""; ;)
        {
            var ids = await db.Read(r => _rows.After(r, after, Batch), cancel);
            var missing = ids.Where(id => !_blobs.Has(id)).ToArray();
            foreach (var id in missing.Length == 0 ? [] : await db.Read(r => _rows.Owned(r, missing), cancel))
            {
                yield return id;
            }

            if (ids.Count < Batch)
            {
                yield break;
            }

            after = ids[^1];
        }
    }

    private BlobProblem? Verify(string id, ref long bytes, CancellationToken cancel)
    {
        try
        {
            bytes += _blobs.Verify(id, 0, long.MaxValue, cancel).At;
            _blobs.Absolve(id);
            return null;
        }
        catch (Fault fault)
        {
            return fault.Status == 404 ? null : Damage(_blobs.Damages.FirstOrDefault(d => d.Id == id) ?? new Damage(id, fault.Message));
        }
    }

    private BlobProblem Damage(Damage damage) =>
        new(Service, BlobProblem.Damaged, damage.Id, damage.What + " It is not handed out: bring it back from a backup, or delete what names it.");
}

/// <summary>How far a check is.</summary>
/// <param name="Service">Whose blobs.</param>
/// <param name="Shard">Shards that are done.</param>
/// <param name="Shards">Shards in all.</param>
/// <param name="Blobs">Blobs verified.</param>
/// <param name="Bytes">Bytes verified.</param>
public sealed record CheckProgress(string Service, int Shard, int Shards, long Blobs, long Bytes);
