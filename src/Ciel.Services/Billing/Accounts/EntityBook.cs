using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Events;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Billing.Accounts;

/// <summary>Writes legal entities. What an invoice says of them stays as it was when the invoice was issued.</summary>
internal sealed class EntityBook(Db db, Ids ids)
{
    /// <summary>Makes an entity.</summary>
    public Task Create(Actor actor, Entity entity, CancellationToken cancel)
    {
        var audit = ids.Uuid();
        return db.Write(
            async tx =>
            {
                await Alone(tx, entity);
                if (await EntityStore.Find(tx, entity.Id) is not null)
                {
                    throw Fault.Conflict($"There is a legal entity {entity.Id} already. Choose another id.");
                }

                await EntityStore.Insert(tx, entity);
                await AuditLog.Note(tx, audit, actor, "create", "billing-entity", entity.Id);
            },
            cancel);
    }

    /// <summary>Changes an entity as <paramref name="change"/> says.</summary>
    public Task Update(Actor actor, string id, Func<Entity, Entity> change, CancellationToken cancel)
    {
        var audit = ids.Uuid();
        return db.Write(
            async tx =>
            {
                var before = await EntityStore.Find(tx, id) ?? throw Fault.NotFound($"There is no legal entity {id}. `ciel entity list` shows them.");
                var after = change(before);
                await Alone(tx, after);
                if (!await EntityStore.Update(tx, after))
                {
                    throw Fault.Conflict($"The entity {id} has issued numbers that begin with {before.Prefix}: its prefix stays, so that they have no gap.");
                }

                await AuditLog.Note(tx, audit, actor, "update", "billing-entity", id);
            },
            cancel);
    }

    private static async Task Alone(Tx tx, Entity entity)
    {
        await tx.Dialect.HoldName(tx, "billing_entity");
        if ((await EntityStore.All(tx)).Find(e => e.Id != entity.Id && e.Prefix == entity.Prefix) is { } other)
        {
            throw Fault.Conflict($"The numbers of {other.Id} begin with {entity.Prefix} already. Choose another prefix.");
        }
    }
}
