using System.Text.Json;
using Ciel.Core;
using Ciel.Core.Events;
using Ciel.Core.Http;
using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Door;
using Ciel.Services.Billing.Invoices;

namespace Ciel.Services.Billing.Payments;

/// <summary>Routes of money: what came in, what went back, what is taken back from an invoice, and the statement of all.</summary>
internal sealed class PaymentApi(Db db, Ids ids, InvoiceBook book, PaymentBook payments, KeeperBook keepers)
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

    private async Task Pay(Call call)
    {
        call.Actor.RequireAdmin("billing:payments:create");
        var input = (await call.Body()).Object("payment");
        var (amount, kind, reference) = (input.Exact("amount"), input.OptionalChoice("kind", "payment", "refund", "write-off") ?? "payment", input.OptionalString("reference", 1));
        input.Done();
        var (account, entry, balance) = await payments.Note(call.Actor, call.Route("id"), kind, amount, null, reference, call.Cancel);
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
                await keepers.Wake(tx, BillingKeeper.IdOf(made.AccountId));
                await AuditLog.Note(tx, audit, call.Actor, "credit", "billing-invoice", call.Route("number"), $"{made.Number} {reason}");
                return made;
            },
            call.Cancel);
        var lines = await db.Read(r => InvoiceStore.Lines(r, note.Id), call.Cancel);
        await call.One("credit_note", json => InvoiceWire.Write(json, note, lines, []), 201);
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
