using System.Text.Json;
using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Events;
using Ciel.Core.Http;
using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Door;
using Ciel.Services.Billing.Invoices;
using static Ciel.Services.Billing.Calendar.Micros;

namespace Ciel.Services.Billing.Clock;

/// <summary>Routes of a sandbox: its clock, and the usage that an operator gives it.</summary>
internal sealed class ClockApi(Db db, Ids ids, KeeperBook keepers)
{
    private const long Furthest = 10 * 366 * Day;

    public void Map(Routes routes)
    {
        routes.Get("/v1/accounts/{id}/clock", Show);
        routes.Post("/v1/accounts/{id}/clock", Advance);
        routes.Post("/v1/accounts/{id}/clock/usage", Use);
    }

    private async Task Show(Call call) => await Answer(call, 200);

    private async Task Advance(Call call)
    {
        call.Actor.RequireAdmin("billing:clock:advance");
        var input = (await call.Body()).Object("clock");
        var to = input.OptionalInstant("to") ?? throw input.Refuse("to", "", "it is missing: say until when");
        input.Done();
        var audit = ids.Uuid();
        await db.Write(
            async tx =>
            {
                var account = Sandbox(await AccountStore.Hold(tx, call.Route("id")), call.Route("id"));
                if (to > account.ClockAt + Furthest)
                {
                    throw Fault.BadRequest("A clock goes at most ten years at once. Do it in several steps.");
                }

                if (to < account.ClockAt || !await AccountStore.WantClock(tx, account.Id, to))
                {
                    throw Fault.Conflict(
                        $"The clock of {account.Id} cannot go back to {Instant.Text(to)}: it stands at {Instant.Text(account.ClockAt!.Value)} and goes to {Instant.Text(account.ClockTo!.Value)}. Make a new sandbox to begin earlier.");
                }

                await keepers.Wake(tx, BillingKeeper.IdOf(account.Id));
                await AuditLog.Note(tx, audit, call.Actor, "advance", "billing-clock", account.Id, Instant.Text(to));
            },
            call.Cancel);
        await Answer(call, 202);
    }

    private async Task Use(Call call)
    {
        call.Actor.RequireAdmin("billing:clock:use");
        var body = await call.Body();
        var given = (body.OptionalObjects("usage") ?? throw body.Refuse("usage", "", "it is missing")).Select(u => UsageInput.Read(u, ids)).ToList();
        body.Done();
        var audit = ids.Uuid();
        await db.Write(
            async tx =>
            {
                var account = Sandbox(await AccountStore.Hold(tx, call.Route("id")), call.Route("id"));
                foreach (var project in given.Select(g => SandboxUsage.ProjectId(account.Id, g.Project)).Distinct().Order(StringComparer.Ordinal))
                {
                    await Join(tx, account, project);
                }

                foreach (var one in given)
                {
                    await one.Add(tx, SandboxUsage.ProjectId(account.Id, one.Project));
                }

                await keepers.Wake(tx, BillingKeeper.IdOf(account.Id));
                await AuditLog.Note(tx, audit, call.Actor, "use", "billing-clock", account.Id, $"{given.Count}");
            },
            call.Cancel);
        await Answer(call, 201);
    }

    private static async Task Join(Tx tx, Account account, string project)
    {
        await SandboxUsage.Project(tx, account.Id, project);
        if ((await AccountStore.StaysOf(tx, project)).Count == 0)
        {
            await AccountStore.Insert(tx, new Membership { ProjectId = project, AccountId = account.Id, PayerId = account.Id, FromAt = 0 });
        }
    }

    private static Account Sandbox(Account? found, string id) => found switch
    {
        null => throw Account.Missing(id),
        { IsSandbox: false } => throw Fault.Conflict($"The account {id} is real and lives by the real time. Make one to try things out with `ciel account create NAME --sandbox`."),
        var account => account,
    };

    private async Task Answer(Call call, int status)
    {
        call.Actor.RequireAdmin("billing:clock:show");
        var (account, projects) = await db.Read(
            async r =>
            {
                var account = Sandbox(await AccountStore.Find(r, call.Route("id")), call.Route("id"));
                return (account, await SandboxUsage.Projects(r, account.Id));
            },
            call.Cancel);
        await call.One("clock", json => Write(json, account, projects), status);
    }

    private static void Write(Utf8JsonWriter json, Account account, IReadOnlyList<(string Project, string State, string? Reason)> projects)
    {
        json.WriteStartObject();
        json.WriteString("account", account.Id);
        json.WriteString("now", Instant.Text(account.ClockAt!.Value));
        json.WriteString("to", Instant.Text(account.ClockTo!.Value));
        json.WriteString("status", account.ClockAt < account.ClockTo ? "advancing" : "ready");
        json.WriteString("state", account.State);
        json.WriteString("invoiced_until", Instant.Text(account.ClosedUntil));
        json.WriteStartArray("projects");
        foreach (var (project, state, reason) in projects)
        {
            json.WriteStartObject();
            json.WriteString("project", project);
            json.WriteString("state", state);
            json.WriteString("reason", reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
