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
using Ciel.Services.Identity;

namespace Ciel.Services.Billing.Control;

/// <summary>Routes of what an account costs now, and of its budgets.</summary>
internal sealed class ControlApi(Db db, Ids ids, DraftBook drafts, KeeperBook keepers, IIdentity identity)
{
    private const int MostOfAccount = 100;

    public void Map(Routes routes)
    {
        routes.Get("/v1/accounts/{id}/costs", Costs);
        routes.Get("/v1/accounts/{id}/budgets", Budgets);
        routes.Post("/v1/accounts/{id}/budgets", Create);
        routes.Delete("/v1/accounts/{id}/budgets/{budget}", Delete);
    }

    // By resource where nothing is said; each part is exact, so that they add up to what the lines were rated at.
    private async Task Costs(Call call)
    {
        var real = await db.Now(call.Cancel);
        var (account, now, draft, ahead, hours) = await db.Read(
            async r =>
            {
                var account = await call.Paying(r, call.Route("id"));
                var now = account.Time(real);
                var draft = await drafts.Make(r, account, account.Open.Meet(new(0, now)), corrected: false);
                return (account, now, draft, await drafts.Ahead(r, account, now), await ControlStore.Settlements(r, account.Id, now - Outlook.Back));
            },
            call.Cancel);
        var parts = draft.Lines.SelectMany(l => l.Charge.Parts.Select(p => (l.Charge.Product, Part: p)))
            .GroupBy(p => (p.Part.Project, p.Part.Resource, p.Product)).OrderBy(g => g.Key);
        await call.One("costs", json =>
        {
            json.WriteStartObject();
            json.WriteString("account", account.Id);
            json.WriteString("currency", account.Currency);
            json.WriteExact("so_far", account.Money.Text(draft.Total));
            json.WriteExact("forecast", account.Money.Text(account.Money.Round(ahead + Outlook.Forecast(draft.Total, draft.Once, hours, account.Open, now))));
            json.WriteBoolean("unusual", Outlook.IsUnusual(hours, now));
            json.WriteStartArray("resources");
            foreach (var part in parts)
            {
                json.WriteStartObject();
                json.WriteString("project", part.Key.Project);
                json.WriteString("resource", part.Key.Resource);
                json.WriteString("product", part.Key.Product);
                json.WriteExact("amount", part.Sum(p => p.Part.Amount));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private async Task Budgets(Call call)
    {
        var (account, budgets) = await db.Read(
            async r =>
            {
                var account = await call.Visible(r, call.Route("id"));
                return (account, await ControlStore.Budgets(r, account.Id));
            },
            call.Cancel);
        await call.Many("budgets", budgets, (json, budget) => Write(json, budget, account.Money));
    }

    private async Task Create(Call call)
    {
        var account = await db.Read(r => call.Visible(r, call.Route("id")), call.Cancel);
        var input = (await call.Body()).Object("budget");
        var project = input.OptionalString("project", 1, 64);
        await db.Read(
            async r =>
            {
                await Payer.Require(r, identity, await call.Decided(r, account.Id, project), project);
                return true;
            },
            call.Cancel);
        var amount = input.Exact("amount");
        var budget = new Budget
        {
            Id = ids.Uuid(),
            AccountId = account.Id,
            ProjectId = project,
            Amount = amount.ToString(),
            Alerts = input.OptionalString("alerts", 0, 64) ?? "50,80,100",
            HardStop = input.OptionalBoolean("hard_stop") ?? false,
        };
        input.Done();
        if (amount <= Fixed.Zero || account.Money.Round(amount) != amount || account.ParentId is not null)
        {
            throw Fault.BadRequest($"A budget is for an account that pays itself, an amount above 0 with at most {account.Money.Decimals} decimals.");
        }

        if (!budget.Alerts.Split(',', StringSplitOptions.RemoveEmptyEntries).All(a => a.Length <= 4 && a.All(char.IsAsciiDigit) && long.Parse(a, null) > 0))
        {
            throw input.Refuse("alerts", budget.Alerts, "write hundredths such as 50,80,100");
        }

        await Change(call, account, "create", budget.Id, async tx =>
        {
            await tx.Dialect.HoldName(tx, "billing_budget " + account.Id);
            if ((await ControlStore.Budgets(tx, account.Id)).Count >= MostOfAccount)
            {
                throw Fault.Forbidden($"An account has at most {MostOfAccount} budgets. Delete one first.");
            }

            await ControlStore.Insert(tx, budget);
        });
        await call.One("budget", json => Write(json, budget, account.Money), 201);
    }

    private async Task Delete(Call call)
    {
        var id = call.Route("budget");
        var account = await db.Read(
            async r =>
            {
                var of = (await call.Visible(r, call.Route("id"))).Id;
                return await call.Decided(r, of, (await ControlStore.Budgets(r, of)).Find(b => b.Id == id)?.ProjectId);
            },
            call.Cancel);
        await Change(call, account, "delete", id, async tx =>
        {
            if (await ControlStore.Delete(tx, account.Id, id) == 0)
            {
                throw Fault.NotFound($"The account {account.Id} has no budget {id}.");
            }
        });
        await call.Empty(204);
    }

    // The account is settled anew at once: a budget may stop or start what runs.
    private Task Change(Call call, Account account, string verb, string id, Func<Tx, Task> change)
    {
        var audit = ids.Uuid();
        return db.Write(
            async tx =>
            {
                await change(tx);
                await AuditLog.Note(tx, audit, call.Actor, verb, "billing-budget", id);
                await keepers.Wake(tx, BillingKeeper.IdOf(account.Id));
            },
            call.Cancel);
    }

    private static void Write(Utf8JsonWriter json, Budget budget, Currency money)
    {
        json.WriteStartObject();
        json.WriteString("id", budget.Id);
        json.WriteString("account", budget.AccountId);
        json.WriteString("project", budget.ProjectId);
        json.WriteExact("amount", money.Text(Fixed.Parse(budget.Amount)));
        json.WriteString("currency", money.Code);
        json.WriteString("alerts", budget.Alerts);
        json.WriteBoolean("hard_stop", budget.HardStop);
        json.WriteEndObject();
    }
}
