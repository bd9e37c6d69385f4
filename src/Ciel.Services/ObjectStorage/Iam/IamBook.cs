using Ciel.Core;
using Ciel.Core.Events;
using Ciel.Core.Policy;
using Ciel.Core.Store;
using Ciel.Core.Trust;
using Ciel.Services.ObjectStorage.Access;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Policies;
using Ciel.Services.ObjectStorage.Query;

namespace Ciel.Services.ObjectStorage.Iam;

/// <summary>Who may change what of an account's IAM, and the changes: row, audit event and the cache's revision in one transaction.</summary>
internal sealed class IamBook(Db db, Ids ids, RevisionCache cache)
{
    /// <summary>The scope of the revision cache.</summary>
    public const string Cached = "object.iam";

    public const int MostOfAKind = 5000;

    public Db Db => db;

    /// <summary>Refuses a caller that may not do this. Root may all; its sessions nothing here, or a stolen one could make itself lasting.</summary>
    public static void Require(QueryCall query, string action, string arn)
    {
        var caller = query.Call.Caller;
        var reading = action.StartsWith("Get", StringComparison.Ordinal) || action.StartsWith("List", StringComparison.Ordinal);
        if ((caller.Keystone is not null && caller.Temporary) || (caller.Delegated && !reading) || !Authorizer.MayAccount(query.Call, "iam:" + action, arn))
        {
            throw QueryFaults.NotAllowed(caller.Arn, "iam:" + action, arn);
        }
    }

    public async Task<IamRow> Get(QueryCall query, string kind, string name) =>
        await db.Read(r => IamStore.Find(r, query.Account(), kind, name), query.Call.Cancel) ?? throw Missing(kind, name);

    public async Task<IamRow> Create(QueryCall query, IamRow draft)
    {
        IamRow? made = null;
        await Write(query, "create", draft.Kind, draft.Id, async tx =>
        {
            if (await IamStore.Find(tx, draft.ProjectId, draft.Kind, draft.Name) is not null)
            {
                throw Exists(draft.Kind, draft.Name);
            }

            if ((await IamStore.Counts(tx, draft.ProjectId)).Exists(c => c.Kind == draft.Kind && c.Count >= MostOfAKind))
            {
                throw Limit($"An account may have {MostOfAKind} of a kind.");
            }

            made = draft with { CreatedAt = tx.Now };
            await IamStore.Insert(tx, made);
        });
        return made!;
    }

    /// <summary>Changes one as it is now.</summary>
    public Task Change(QueryCall query, string kind, string name, Func<IamRow, IamRow> change) => Change(query, kind, name, (_, row) => Task.FromResult(change(row)));

    public Task Change(QueryCall query, string kind, string name, Func<Tx, IamRow, Task<IamRow>> change) => Write(query, "update", kind, name, async tx =>
    {
        var row = await IamStore.Find(tx, query.Account(), kind, name) ?? throw Missing(kind, name);
        var changed = await change(tx, row);
        if (changed.NameKey != row.NameKey && await IamStore.Find(tx, row.ProjectId, kind, changed.Name) is not null)
        {
            throw Exists(kind, changed.Name);
        }

        await IamStore.Update(tx, changed);
    });

    /// <summary>Removes one on which nothing hangs any more.</summary>
    public Task Delete(QueryCall query, string kind, string name, Func<Tx, IamRow, Task<bool>> inUse) => Write(query, "delete", kind, name, async tx =>
    {
        var row = await IamStore.Find(tx, query.Account(), kind, name) ?? throw Missing(kind, name);
        if (row.Content.Inline.Count > 0 || row.Content.Attached.Count > 0 || await inUse(tx, row))
        {
            throw new S3Fault(409, "DeleteConflict", $"Cannot delete entity, must remove what belongs to it first: {row.Arn}");
        }

        await IamStore.Delete(tx, row.Id);
    });

    /// <summary>One account's writers come one after the other, so that a check and its write are one.</summary>
    public Task Write(QueryCall query, string verb, string kind, string id, Func<Tx, Task> body)
    {
        var caller = query.Call.Caller;
        var actor = new Actor { UserId = caller.UserId ?? "", UserName = caller.UserName ?? "", UserDomainId = "", ProjectId = caller.AccountId, RequestId = query.Call.RequestId };
        return db.Write(
            async tx =>
            {
                await tx.Dialect.HoldName(tx, "iam/" + query.Account());
                await body(tx);
                await cache.Bump(tx, Cached);
                await AuditLog.Note(tx, ids.Uuid(), actor, verb, "iam-" + kind, id);
            },
            query.Call.Cancel);
    }

    public static S3Fault Missing(string kind, string name) => new(404, "NoSuchEntity", $"The {kind} with name {name} cannot be found.");

    public static S3Fault Limit(string message) => new(409, "LimitExceeded", message);

    /// <summary>A policy that is one; its error in IAM's words.</summary>
    public static string Policy(string text, PolicyKind kind)
    {
        try
        {
            Policies.Policy.Parse(text, kind).Check();
            return text;
        }
        catch (S3Fault fault) when (fault.Code == "MalformedPolicy")
        {
            throw QueryFaults.Malformed(fault.Message);
        }
    }

    private static S3Fault Exists(string kind, string name) => new(409, "EntityAlreadyExists", $"{kind} with name {name} already exists.");
}
