using System.Text;
using Ciel.Core;
using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Objects;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Logging;

/// <summary>Writes log objects: every five minutes one for each bucket and day that has lines, which go from the store with the object's commit.</summary>
internal sealed class LogKeeper(AccessLog log, OwnWriter writer, Ids ids) : OneStepKeeper("object.logging", LogKeeper.First)
{
    private const string First = "write";
    private const int MostRows = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(5);
    private static readonly Deed Delivery = new("PutObject", "logging.s3.amazonaws.com", "127.0.0.1", "");

    /// <summary>Begins it where it is not begun yet.</summary>
    public Task Begin(Tx tx, KeeperBook keepers) => keepers.BeginOnce(tx, Kind, Kind, First);

    protected override async Task<Next> Run(Turn turn)
    {
        await log.Flush(turn.Cancel);
        var (rows, source, target, wanted) = await turn.Db.Read(Oldest, turn.Cancel);
        if (rows.Count == 0)
        {
            return Next.Nap(Pause);
        }

        string[] done = [.. rows.Select(r => r.Id)];
        if (source is null || target is null || wanted is null)
        {
            // Nobody wants it any more.
            return Next.Hop(First, tx => LogStore.Delete(tx, done));
        }

        var draft = new VersionRow
        {
            BucketId = target.Id,
            ObjectKey = wanted.Key(source.ProjectId, source.Name, turn.Now, rows[0].Day, ids.Hex()[16..].ToUpperInvariant()),
            VersionId = "",
            Info = new ObjectInfo { Headers = { ["Content-Type"] = "text/plain" } }.Text,
            Acl = LoggingApi.AclOf(source, target).Text,
            OwnerId = target.ProjectId,
            OwnerName = target.OwnerName,
        };
        try
        {
            using var text = new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(rows.Select(r => r.Lines))));
            // Another controller may have written them meanwhile.
            await writer.Write(Delivery, target, draft, text, async tx => await LogStore.Delete(tx, done) == done.Length, turn.Cancel);
        }
        catch (S3Fault)
        {
            // The bucket is gone or full: S3 does not keep logs that nobody can take.
            return Next.Hop(First, tx => LogStore.Delete(tx, done));
        }

        return Next.Hop(First);
    }

    private static async Task<(List<LogRow> Rows, BucketRow? Source, BucketRow? Target, LogTarget? Wanted)> Oldest(Reader reader)
    {
        var rows = await LogStore.Next(reader, MostRows);
        var source = rows.Count == 0 ? null : await BucketStore.ById(reader, rows[0].BucketId);
        var wanted = source?[SettingKinds.Logging] is { } text ? LogTarget.Parse(XmlInput.Parse(text)) : null;
        var target = wanted is null ? null : await BucketStore.Find(reader, wanted.Bucket);
        return (rows, source, target?.ProjectId == source?.ProjectId ? target : null, wanted);
    }
}
