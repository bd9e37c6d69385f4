using System.Globalization;
using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Events;
using Ciel.Core.Policy;
using Ciel.Core.Store;
using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Clock;
using Ciel.Services.Billing.Prices;
using Ciel.Services.Identity;

namespace Ciel.Services.Billing.Purchases;

/// <summary>Takes orders and changes of orders. They begin today where the customer lives; what was said before is never edited.</summary>
internal sealed class OrderBook(Db db, Ids ids, BookShelf shelf, IIdentity identity)
{
    /// <summary>Orders so many of an offer.</summary>
    /// <returns>The order's id.</returns>
    public async Task<string> Place(Actor actor, string accountId, string? project, string offer, long quantity, CancellationToken cancel)
    {
        var (id, audit) = (ids.Uuid(), ids.Uuid());
        await db.Write(
            async tx =>
            {
                var account = await Payer(tx, accountId);
                await Accounts.Payer.Require(tx, identity, account, project);
                await Known(tx.At(account), account, offer, null);
                var order = new Order(id, account.Id, project, [Today(tx.At(account), account, id, 0, offer, quantity)]);
                await OrderStore.Insert(tx.At(account), order);
                await OrderStore.Insert(tx, order.First);
                await AuditLog.Note(tx, audit, actor, "order", "billing-order", id, $"{quantity} {offer}");
            },
            cancel);
        return id;
    }

    /// <summary>Changes an order's offer, its quantity or both from today on; what is null stays, quantity 0 ends it.</summary>
    public async Task Alter(Actor actor, string accountId, string id, string? newOffer, long? newQuantity, CancellationToken cancel)
    {
        var audit = ids.Uuid();
        await db.Write(
            async tx =>
            {
                await tx.Dialect.HoldName(tx, "billing_order " + id);
                var account = await Payer(tx, accountId);
                var order = (await OrderStore.Of(tx, accountId)).FirstOrDefault(o => o.Id == id) ?? throw Fault.NotFound($"The account {accountId} has no order {id}.");
                var (offer, quantity) = (newOffer ?? order.Last.Offer, newQuantity ?? order.Last.Quantity);
                var kind = await Known(tx.At(account), account, offer, order);
                if (order.Last.Quantity == 0 || (kind != OfferKind.Subscription && quantity != 0))
                {
                    throw Fault.Conflict("An order that has ended stays so, and only subscriptions change their offer or quantity. Place a new order.");
                }

                await OrderStore.Insert(tx, Today(tx.At(account), account, id, order.Last.Sequence + 1, offer, quantity));
                await AuditLog.Note(tx, audit, actor, "change", "billing-order", id, $"{quantity} {offer}");
            },
            cancel);
    }

    private static Change Today(Tx tx, Account account, string id, long sequence, string offer, long quantity) => new()
    {
        OrderId = id,
        Sequence = sequence,
        Day = account.Place.Day(tx.Now).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        Offer = offer,
        Quantity = quantity,
        ChangedAt = tx.Now,
    };

    private static async Task<Account> Payer(Tx tx, string id)
    {
        var account = await AccountStore.Find(tx, id) ?? throw Account.Missing(id);
        return account.ParentId is null ? account : throw Fault.Conflict($"The account {id} is paid for by another; order for its root.");
    }

    private async Task<OfferKind> Known(Tx tx, Account account, string offer, Order? order)
    {
        var (_, book) = await shelf.Current(tx);
        var found = book.OfferAt(offer, account.Currency, tx.Now) ?? throw Fault.BadRequest($"The price book has no offer {offer} in {account.Currency}. `ciel price export` shows what it has.");
        var before = order is null ? found : book.Offers.First(o => o.Id == order.First.Offer);
        return before.Kind == found.Kind ? found.Kind : throw Fault.BadRequest($"The offer {offer} is of another kind than the order.");
    }
}
