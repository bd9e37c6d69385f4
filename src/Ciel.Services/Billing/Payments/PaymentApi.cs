using System.Text.Json;
using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Events;
using Ciel.Core.Http;
using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Clock;
using Ciel.Services.Billing.Door;
using Ciel.Services.Billing.Invoices;

namespace Ciel.Services.Billing.Payments;

/// <summary>Routes of money: what came in, what went back, what is taken back from an invoice, and the statement of all.</summary>
internal sealed class PaymentApi(Db db, Ids ids, InvoiceBook book, KeeperBook keepers)
{
    public void Map(Routes routes)
    {
        routes.Get("/v1/accounts/{id}/statement", Statement);
        routes.Post("/v1/accounts/{id}/payments", Pay);
        routes.Post("/v1/invoices/{number}/credit-notes", Credit);
    }

    private async Task Statement(Call call)
    {
        var (account, entries, numbers) = await db.Read(
            async r =>
            {
                var account = await call.Visible(r, call.Route("id"));
                var numbers = (await InvoiceStore.List(r, account.Id, int.MaxValue)).ToDictionary(i => i.Id, i => i.Number);
                return (account, await EntryStore.Of(r, account.Id), numbers);
            },
            call.Cancel);
        var balance = Fixed.Zero;
        await call.Many("entries", entries, (json, entry) =>
        {
            balance += Fixed.Parse(entry.Amount);
            Write(json, entry, account.Money, entry.InvoiceId is { } id ? numbers[id] : null, balance);
        });
    }

    // The same reference twice is the same payment: a bank's file may be read again.
    private async Task Pay(Call call)
    {
        call.Actor.RequireAdmin("billing:payments:create");
        var input = (await call.Body()).Object("payment");
        var (amount, kind, reference) = (input.Exact("amount"), input.OptionalChoice("kind", "payment", "refund", "write-off") ?? "payment", input.OptionalString("reference", 1));
        input.Done();
        var (id, audit) = (ids.Uuid(), ids.Uuid());
        var (account, entry, balance) = await db.Write(
            async tx =>
            {
                await tx.Dialect.HoldName(tx, "billing_entry " + call.Route("id"));
                var account = await AccountStore.Find(tx, call.Route("id")) ?? throw Fault.NotFound($"There is no account {call.Route("id")}.");
                if (amount <= Fixed.Zero || account.Money.Round(amount) != amount || account.ParentId is not null)
                {
                    throw Fault.BadRequest($"A payment is to an account that pays itself, an amount above 0 with at most {account.Money.Decimals} decimals.");
                }

                var known = (await EntryStore.Of(tx, account.Id)).Find(e => reference is not null && e.Reference == reference);
                var entry = known ?? new Entry
                {
                    Id = id,
                    AccountId = account.Id,
                    Kind = kind,
                    Currency = account.Currency,
                    Amount = (kind == "refund" ? -amount : amount).ToString(),
                    Reference = reference,
                    At = account.Time(tx.Now),
                };
                if (known is null)
                {
                    await EntryStore.Add(tx, entry);
                    await keepers.Wake(tx, BillingKeeper.IdOf(account.Id));
                    await AuditLog.Note(tx, audit, call.Actor, kind, "billing-account", account.Id, $"{amount} {account.Currency} {reference}");
                }
                else if (known.Kind != kind || Fixed.Parse(known.Amount) != (kind == "refund" ? -amount : amount))
                {
                    throw Fault.Conflict($"The reference {reference} is taken by a {known.Kind} of {known.Amount}. Give this one a reference of its own.");
                }

                return (account, entry, await EntryStore.Balance(tx, account.Id));
            },
            call.Cancel);
        await call.One("payment", json => Write(json, entry, account.Money, null, balance), 201);
    }

    private async Task Credit(Call call)
    {
        call.Actor.RequireAdmin("billing:credit-notes:create");
        var input = (await call.Body()).Object("credit_note");
        var (net, reason) = (input.OptionalExact("net"), input.OptionalString("reason"));
        input.Done();
        var (id, audit) = (ids.Uuid(), ids.Uuid());
        var note = await db.Write(
            async tx =>
            {
                var made = await book.Credit(tx, call.Route("number"), net, id);
                await AuditLog.Note(tx, audit, call.Actor, "credit", "billing-invoice", call.Route("number"), $"{made.Number} {reason}");
                return made;
            },
            call.Cancel);
        var lines = await db.Read(r => InvoiceStore.Lines(r, note.Id), call.Cancel);
        await call.One("credit_note", json => InvoiceWire.Write(json, note, lines), 201);
    }

    private static void Write(Utf8JsonWriter json, Entry entry, Currency money, string? number, Fixed balance)
    {
        json.WriteStartObject();
        json.WriteString("at", Instant.Text(entry.At));
        json.WriteString("kind", entry.Kind);
        json.WriteString("invoice", number);
        json.WriteString("reference", entry.Reference);
        json.WriteString("currency", money.Code);
        json.WriteExact("amount", money.Text(Fixed.Parse(entry.Amount)));
        json.WriteExact("balance", money.Text(balance));
        json.WriteEndObject();
    }
}
