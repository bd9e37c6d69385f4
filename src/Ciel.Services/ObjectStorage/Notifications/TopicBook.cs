using System.Text.Json;
using Ciel.Core;
using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Ciel.Services.Identity;
using Ciel.Services.ObjectStorage.Door;

namespace Ciel.Services.ObjectStorage.Notifications;

/// <summary>Makes, changes and removes topics, one transaction each.</summary>
internal sealed class TopicBook(Db db, Ids ids, KeeperBook keepers) : IProjectGone
{
    private const int Most = 1000;

    /// <summary>Makes a topic; one of the name that is there gets the attributes.</summary>
    public Task<TopicRow> Create(string projectId, string name, string userId, IReadOnlyDictionary<string, string> attributes, CancellationToken cancel)
    {
        var id = ids.Uuid();
        return db.Write(
            async tx =>
            {
                await tx.Dialect.HoldName(tx, $"topics of {projectId}");
                if (await TopicStore.ForUpdate(tx, projectId, name) is { } there)
                {
                    await TopicStore.SetAttributes(tx, there.Id, JsonSerializer.Serialize(Merged(there, attributes)));
                    await keepers.Wake(tx, there.Id);
                    return there;
                }

                if (await TopicStore.Count(tx, projectId) >= Most)
                {
                    throw new S3Fault(403, "TopicLimitExceeded", $"A project may have {Most} topics. Delete those that are no longer needed.");
                }

                var row = new TopicRow { Id = id, ProjectId = projectId, Name = name, UserId = userId, Attributes = JsonSerializer.Serialize(attributes), CreatedAt = tx.Now };
                await TopicStore.Insert(tx, row);
                await keepers.Begin(tx, TopicKeeper.KindName, id, TopicKeeper.First);
                return row;
            },
            cancel);
    }

    /// <summary>Sets an attribute; false where there is no such topic.</summary>
    public Task<bool> Set(string projectId, string name, string attribute, string value, CancellationToken cancel) => db.Write(
        async tx =>
        {
            if (await TopicStore.ForUpdate(tx, projectId, name) is not { } row)
            {
                return false;
            }

            if (attribute == TopicAttributes.Redrive)
            {
                await EventStore.Redrive(tx, row.Id);
            }
            else
            {
                await TopicStore.SetAttributes(tx, row.Id, JsonSerializer.Serialize(Merged(row, new Dictionary<string, string> { [attribute] = value })));
            }

            await keepers.Wake(tx, row.Id);
            return true;
        },
        cancel);

    /// <summary>Removes a topic with what waits for it; one that is not there is no error.</summary>
    public Task Delete(string projectId, string name, CancellationToken cancel) => db.Write(
        async tx =>
        {
            if (await TopicStore.ForUpdate(tx, projectId, name) is { } row)
            {
                await Delete(tx, row);
            }
        },
        cancel);

    public async Task ProjectGone(Tx tx, string projectId)
    {
        foreach (var row in await TopicStore.OfProject(tx, projectId, "", Most))
        {
            await Delete(tx, row);
        }
    }

    private async Task Delete(Tx tx, TopicRow row)
    {
        await TopicStore.Delete(tx, row.Id);
        await keepers.Wake(tx, row.Id);
    }

    private static Dictionary<string, string> Merged(TopicRow row, IReadOnlyDictionary<string, string> more)
    {
        var all = new Dictionary<string, string>(row.Set);
        foreach (var (name, value) in more)
        {
            all[name] = value;
        }

        return all;
    }
}
