using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Events;
using Ciel.Core.Http;
using Ciel.Core.Store;
using Ciel.Core.Trust;

namespace Ciel.Services.Identity;

/// <summary>One change: the rows, the audit event and the caches' revision in one transaction.</summary>
internal sealed class Changes(Db db, Ids ids, RevisionCache cache)
{
    public Ids Ids => ids;

    public Db Db => db;

    /// <summary>Makes the change.</summary>
    /// <param name="call">Who asks.</param>
    /// <param name="act">Verb, kind and id for the audit event.</param>
    /// <param name="scope">Which caches it touches (<see cref="Scopes"/>); null for none.</param>
    /// <param name="body">The rows; may run twice.</param>
    /// <param name="taken">What to say where a unique name is taken; null for Keystone's common words.</param>
    public async Task<T> Make<T>(Call call, Act act, string? scope, Func<Tx, Task<T>> body, string? taken = null)
    {
        var audit = ids.Hex();
        try
        {
            return await db.Write(
                async tx =>
                {
                    // First of all, since the revision's row makes such changes wait for one another: what the body reads stays true.
                    if (scope is not null)
                    {
                        await cache.Bump(tx, scope);
                    }

                    var result = await body(tx);
                    await AuditLog.Note(tx, audit, call.Actor, act.Verb, act.Kind, act.Id);
                    return result;
                },
                call.Cancel);
        }
        catch (UniqueViolationException)
        {
            throw Fault.Conflict(taken ?? $"Conflict occurred attempting to store {act.Kind} - Duplicate entry found.");
        }
    }

    /// <summary>As <see cref="Make{T}"/>, without a result.</summary>
    public Task Make(Call call, Act act, string? scope, Func<Tx, Task> body, string? taken = null) => Make(
        call,
        act,
        scope,
        async tx =>
        {
            await body(tx);
            return true;
        },
        taken);
}

/// <summary>What an audit event says of a change.</summary>
internal sealed record Act(string Verb, string Kind, string Id)
{
    public static Act Create(string kind, string id) => new("create", kind, id);

    public static Act Update(string kind, string id) => new("update", kind, id);

    public static Act Delete(string kind, string id) => new("delete", kind, id);
}
