using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Events;
using Ciel.Core.Keepers;
using Ciel.Core.Policy;
using Ciel.Core.Store;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Clock;
using Ciel.Services.Billing.Control;
using Ciel.Services.Billing.Invoices;
using Ciel.Services.Billing.Notices;
using Ciel.Services.Identity;

namespace Ciel.Services.Billing.Accounts;

/// <summary>Writes accounts, and which projects and contracts they have when.</summary>
internal sealed class AccountBook(Db db, Ids ids, KeeperBook keepers, BillingKeeper keeper, IIdentity identity) : IBillingStart
{
    public Task Bootstrap(CancellationToken cancel) => db.Write(
        async tx =>
        {
            await EntityStore.Insert(tx, new Entity { Id = Entity.Default, Name = "The operator of this cloud", Prefix = "INV-" });
            await Insert(tx, new Account { Id = Account.Default, Name = "All projects without an account of their own", Currency = "EUR" });
        },
        cancel);

    /// <summary>Makes an account.</summary>
    public Task Create(Actor actor, Account account, CancellationToken cancel)
    {
        var audit = ids.Uuid();
        return db.Write(
            async tx =>
            {
                if (await AccountStore.Find(tx, account.Id) is not null)
                {
                    throw Fault.Conflict($"There is an account {account.Id} already. Choose another id.");
                }

                await RequireFree(tx, account);
                _ = await EntityStore.Find(tx, account.EntityId) ?? throw Fault.BadRequest($"There is no legal entity {account.EntityId}.");
                await Insert(tx, account.ParentId is null ? account : await Below(tx, account));
                await AuditLog.Note(tx, audit, actor, "create", "billing-account", account.Id);
            },
            cancel);
    }

    /// <summary>Changes an account as <paramref name="change"/> says.</summary>
    public Task Update(Actor actor, string id, Func<Account, Account> change, CancellationToken cancel)
    {
        var audit = ids.Uuid();
        return db.Write(
            async tx =>
            {
                var before = await AccountStore.Hold(tx, id) ?? throw Account.Missing(id);
                var after = change(before);
                await RequireFree(tx, after);
                var moved = (before.Currency, before.Zone, before.EntityId) != (after.Currency, after.Zone, after.EntityId);
                if (moved && before.ParentId is not null)
                {
                    throw Fault.Conflict($"The account {id} is paid for by another: its currency, zone and entity are its root's. Change them there.");
                }

                if (moved && await AccountStore.HasMoney(tx, id))
                {
                    throw Fault.Conflict($"The account {id} has been invoiced, has paid or has ordered: its currency, zone and entity stay. Make a new account for the new ones.");
                }

                await AccountStore.Update(tx, after.Zone == before.Zone ? after : after with { ClosedUntil = Period.Month(before.Place.Day(before.ClosedUntil), after.Place).From });
                await (moved ? Follow(tx, after) : Task.CompletedTask);
                await AuditLog.Note(tx, audit, actor, "update", "billing-account", id);
            },
            cancel);
    }

    private static async Task Follow(Tx tx, Account above)
    {
        foreach (var below in await AccountStore.Below(tx, above.Id))
        {
            var after = below with { Currency = above.Currency, Zone = above.Zone, EntityId = above.EntityId };
            await AccountStore.Update(tx, after);
            await Follow(tx, after);
        }
    }

    private static async Task RequireFree(Tx tx, Account account)
    {
        if (await AccountStore.Named(tx, account.Name) is { } other && other != account.Id)
        {
            throw Fault.Conflict($"The account {other} is called {account.Name} already. Choose another name.");
        }
    }

    /// <summary>Removes a sandbox with all that it had; its keepers see that it is gone and go. A real account's history stays.</summary>
    /// <exception cref="Fault">404 without such an account, 409 for a real one.</exception>
    public Task Delete(Actor actor, string id, CancellationToken cancel)
    {
        var audit = ids.Uuid();
        return db.Write(
            async tx =>
            {
                var account = await AccountStore.Hold(tx, id) ?? throw Account.Missing(id);
                if (!account.IsSandbox)
                {
                    throw Fault.Conflict($"The account {id} is real: its invoices, payments and all else that was billed are kept. Only a sandbox can be deleted; take an account's projects out of it instead.");
                }

                await SandboxRemoval.Remove(tx, id);
                await keepers.Wake(tx, BillingKeeper.IdOf(id));
                await keepers.Wake(tx, NoticeBook.KeeperOf(id));
                await AuditLog.Note(tx, audit, actor, "delete", "billing-account", id);
            },
            cancel);
    }

    /// <summary>Puts a project in an account from an instant on; null takes it back to the default account.</summary>
    public Task Move(Actor actor, string project, string? id, long? from, string? costCentre, CancellationToken cancel)
    {
        var audit = ids.Uuid();
        return db.Write(
            async tx =>
            {
                await tx.Dialect.HoldName(tx, "billing_project " + project);
                var stays = await AccountStore.StaysOf(tx, project);
                var stay = stays.Find(s => s.ToAt is null);
                var root = await Root(tx, id ?? Account.Default);
                var left = stay is null && root.IsSandbox ? root : await Find(tx, stay?.PayerId ?? Account.Default);
                Alone(project, id, root);
                var now = root.Time(tx.Now);
                long[] earliest = [from ?? now, left.ClosedUntil, root.ClosedUntil, .. stays.Select(s => s.ToAt ?? s.FromAt)];
                var at = earliest.Max();
                if (from > now || from < at)
                {
                    throw Fault.BadRequest("A project moves now, or from an instant since its last move that neither account has been invoiced for yet.");
                }

                if (id is not null && root.State is Arrears.Frozen or Arrears.Released)
                {
                    throw Fault.Conflict($"The account {root.Id} is {root.State}: what moves there would stop at once, or be deleted. Let it pay first.");
                }

                await AccountStore.Leave(tx, project, at);
                if (id is not null)
                {
                    await AccountStore.Insert(tx, new Membership { ProjectId = project, AccountId = id, PayerId = root.Id, FromAt = at, CostCentre = costCentre });
                }

                await keepers.Wake(tx, BillingKeeper.IdOf(root.Id));
                await AuditLog.Note(tx, audit, actor, "move", "billing-project", project, id ?? Account.Default);
            },
            cancel);
    }

    /// <summary>From an instant on another contract holds for an account, or for one project that it pays for alone; null for none.</summary>
    public Task Agree(Actor actor, string id, string? project, string? contract, long? from, CancellationToken cancel)
    {
        var audit = ids.Uuid();
        return db.Write(
            async tx =>
            {
                var account = await Find(tx, id);
                if (from < account.ClosedUntil || account.ParentId is not null)
                {
                    throw Fault.BadRequest("A contract is with an account that pays itself, from an instant on that it has not been invoiced for yet.");
                }

                // What it no longer pays for may still be let out of a contract.
                await Payer.Require(tx, identity, account, contract is null ? null : project);
                await AccountStore.Agree(tx, id, project, contract, from ?? Math.Max(account.Time(tx.Now), account.ClosedUntil));
                await AuditLog.Note(tx, audit, actor, "agree", "billing-account", id, project is null ? contract : $"{project}: {contract}");
            },
            cancel);
    }

    private async Task Insert(Tx tx, Account account)
    {
        var now = account.Time(tx.Now);
        await AccountStore.Insert(tx, account with { CreatedAt = now, StateAt = now, ClosedUntil = Period.Month(account.Place.Day(now), account.Place).From });
        if (account.ParentId is null)
        {
            await keeper.Begin(tx, keepers, account.Id);
        }
    }

    // A sandbox never pays for a real project, and its own projects are nobody else's.
    private static void Alone(string project, string? id, Account root)
    {
        if (root.IsSandbox ? id is null || !SandboxUsage.IsOf(id, project) : SandboxUsage.IsProject(project))
        {
            throw Fault.Conflict(root.IsSandbox
                ? $"The account {root.Id} is a sandbox: it has projects of its own only, called {root.Id}:NAME, and they stay in it."
                : $"{project} is a sandbox's project and stays there.");
        }
    }

    // What the root decides holds for all below it.
    private static async Task<Account> Below(Reader reader, Account account)
    {
        var root = await Root(reader, account.ParentId!);
        if (account.IsSandbox || root.IsSandbox)
        {
            throw Fault.Conflict("A sandbox stands alone: it has no account above or below it.");
        }

        return account with { Currency = root.Currency, Zone = root.Zone, EntityId = root.EntityId };
    }

    private static async Task<Account> Root(Reader reader, string id)
    {
        var account = await Find(reader, id);
        return account.ParentId is { } parent ? await Root(reader, parent) : account;
    }

    private static async Task<Account> Find(Reader reader, string id) => await AccountStore.Find(reader, id) ?? throw Account.Missing(id);
}
