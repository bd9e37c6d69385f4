using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;
using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Clock;
using Ciel.Services.Billing.Control;
using Ciel.Services.Billing.Door;
using Ciel.Services.Billing.Prices;
using Ciel.Services.Identity;

namespace Ciel.Services.Billing.Accounts;

/// <summary>Routes of accounts: who pays, for which projects, under which contract.</summary>
internal sealed class AccountApi(Db db, AccountBook book, BookShelf shelf, IIdentity identity)
{
    private const long Year3000 = 32_503_680_000_000_000;

    public void Map(Routes routes)
    {
        routes.Get("/v1/accounts", List);
        routes.Post("/v1/accounts", Create);
        routes.Get("/v1/accounts/{id}", Show);
        routes.Patch("/v1/accounts/{id}", Update);
        routes.Delete("/v1/accounts/{id}", Delete);
        routes.Put("/v1/accounts/{id}/projects/{project}", Move);
        routes.Delete("/v1/accounts/{id}/projects/{project}", Leave);
        routes.Put("/v1/accounts/{id}/contract", Agree);
    }

    // An operator's, a page of at most a thousand at a time, by ?limit and ?marker; everybody else's are one or two.
    private async Task List(Call call)
    {
        var accounts = await db.Read(
            async r =>
            {
                var seen = new List<AccountView>();
                foreach (var account in call.Actor.IsAdmin ? await AccountStore.Page(r, call.Query("marker") ?? "", call.Most()) : await AccountStore.Some(r, await Payers.Managed(call.Actor, r)))
                {
                    seen.Add(await AccountView.Read(r, account));
                }

                return seen;
            },
            call.Cancel);
        await call.Many("accounts", accounts, AccountWire.Write);
    }

    private async Task Show(Call call) => await Answer(call, call.Route("id"), 200);

    private async Task Create(Call call)
    {
        call.Actor.RequireAdmin("billing:accounts:create");
        var input = (await call.Body()).Object("account");
        var clock = await Clock(call, input);
        var account = Read(input, new Account
        {
            Id = input.String("id", 1, 64, PartyInput.Id()),
            Name = input.String("name"),
            Currency = "EUR",
            ParentId = input.OptionalString("parent", 1, 64),
            ClockAt = clock,
            ClockTo = clock,
        });
        await book.Create(call.Actor, account, call.Cancel);
        await Answer(call, account.Id, 201);
    }

    private async Task Update(Call call)
    {
        call.Actor.RequireAdmin("billing:accounts:update");
        var input = (await call.Body()).Object("account");
        await book.Update(call.Actor, call.Route("id"), before => Read(input, before), call.Cancel);
        await Answer(call, call.Route("id"), 200);
    }

    private async Task Delete(Call call)
    {
        call.Actor.RequireAdmin("billing:accounts:delete");
        await book.Delete(call.Actor, call.Route("id"), call.Cancel);
        await call.Empty(204);
    }

    private async Task Move(Call call)
    {
        call.Actor.RequireAdmin("billing:accounts:move");
        var input = await call.Body();
        var (from, costCentre) = (input.OptionalInstant("from"), input.OptionalString("cost_centre"));
        input.Done();
        var project = call.Route("project");
        _ = await db.Read(async r => SandboxUsage.IsProject(project) ? new ProjectInfo(project, project, "", true) : await identity.Project(r, project), call.Cancel) ?? throw Fault.NotFound($"There is no project {project}.");
        await book.Move(call.Actor, project, call.Route("id"), from, costCentre, call.Cancel);
        await Answer(call, call.Route("id"), 200);
    }

    private async Task Leave(Call call)
    {
        call.Actor.RequireAdmin("billing:accounts:move");
        var (id, project) = (call.Route("id"), call.Route("project"));
        if (!await db.Read(async r => (await AccountStore.StaysOf(r, project)).Exists(s => s.ToAt is null && s.AccountId == id), call.Cancel))
        {
            throw Fault.NotFound($"The project {project} is not in the account {id}.");
        }

        await book.Move(call.Actor, project, null, null, null, call.Cancel);
        await call.Empty(204);
    }

    private async Task Agree(Call call)
    {
        call.Actor.RequireAdmin("billing:accounts:agree");
        var input = await call.Body();
        var (contract, project, from) = (input.OptionalString("contract", 1, 64), input.OptionalString("project", 1, 128), input.OptionalInstant("from"));
        input.Done();
        var (_, prices) = await db.Read(shelf.Current, call.Cancel);
        if (contract is not null && prices.Contracts.All(c => c.Id != contract))
        {
            throw Fault.BadRequest($"The price book has no contract {contract}. Add it there first: `ciel price export`, then `ciel price import`.");
        }

        await book.Agree(call.Actor, call.Route("id"), project, contract, from, call.Cancel);
        await Answer(call, call.Route("id"), 200);
    }

    // Where a sandbox's clock begins; null for a real account.
    private async Task<long?> Clock(Call call, Input input)
    {
        var (sandbox, from) = (input.OptionalBoolean("sandbox") ?? false, input.OptionalInstant("clock"));
        if (from is < 0 or > Year3000)
        {
            throw input.Refuse("clock", "", "a sandbox begins between 1970 and 3000");
        }

        return !sandbox && from is { } start ? throw input.Refuse("clock", Calendar.Instant.Text(start), "only a sandbox has a clock of its own: say sandbox too")
            : sandbox ? from ?? (long?)await db.Now(call.Cancel) : null;
    }

    private async Task Answer(Call call, string id, int status)
    {
        var view = await db.Read(async r => await AccountView.Read(r, await call.Visible(r, id)), call.Cancel);
        await call.One("account", json => AccountWire.Write(json, view), status);
    }

    private static Account Read(Input input, Account before)
    {
        var country = PartyInput.Country(input, before.Country);
        var after = before with
        {
            Name = PartyInput.Name(input, before.Name),
            EntityId = input.OptionalString("entity", 1, 64) ?? before.EntityId,
            Currency = input.OptionalString("currency") ?? before.Currency,
            Zone = input.OptionalString("zone") ?? before.Zone,
            Country = country,
            TaxNumber = PartyInput.TaxNumber(input, before.TaxNumber, country),
            TermsDays = input.OptionalInteger("terms_days", 0, 365) ?? before.TermsDays,
            Prepaid = input.OptionalBoolean("prepaid") ?? before.Prepaid,
            LowBalance = input.OptionalString("low_balance", 0, 128) ?? before.LowBalance,
            ReleaseAfterDays = input.Has("release_after_days") ? input.OptionalInteger("release_after_days", Releasing.FewestDays, 3650) : before.ReleaseAfterDays,
            Details = PartyInput.Details(input) is { } map ? System.Text.Json.JsonSerializer.Serialize(map) : before.Details,
        };
        input.Done();
        return Currency.Find(after.Currency) is null ? throw input.Refuse("currency", after.Currency, "use an ISO 4217 code such as EUR")
            : Zone.Find(after.Zone) is null ? throw input.Refuse("zone", after.Zone, "use a name of the IANA time zone database such as Europe/Berlin")
            : Prepaid.Marks(after.LowBalance) is null ? throw input.Refuse("low_balance", after.LowBalance, "write amounts such as 50,20,5")
            : after.Id == Account.Default && (after.Prepaid || after.ReleaseAfterDays is not null) ? throw input.Refuse("prepaid", "", "the account default never stands still: it holds the cloud's own projects")
            : after;
    }
}
