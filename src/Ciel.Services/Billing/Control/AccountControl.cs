using Ciel.Core.Store;
using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Invoices;
using Ciel.Services.Billing.Notices;
using static Ciel.Services.Billing.Calendar.Micros;

namespace Ciel.Services.Billing.Control;

/// <summary>
/// Settles an account once an hour: notes what the period has come to, writes notices, and sees to it that exactly those of its projects are
/// suspended that should be. What ran is rated before; all else is read in the transaction that acts on it, so that a payment just before counts
/// and nothing is told twice.
/// </summary>
internal sealed class AccountControl(ProjectPower power, NoticeBook notices)
{
    /// <summary>Finds what should be of an account now and writes it, unless somebody else has closed the draft's period since.</summary>
    /// <param name="tx">The transaction.</param>
    /// <param name="draft">What the open period has come to.</param>
    /// <param name="now">µs UTC.</param>
    public async Task Settle(Tx tx, Draft draft, long now)
    {
        var account = await AccountStore.Hold(tx, draft.Account.Id);
        if (account?.ClosedUntil == draft.Account.ClosedUntil)
        {
            await Write(tx, await Find(tx, account, draft, now));
        }
    }

    private async Task<Findings> Find(Reader reader, Account account, Draft draft, long now)
    {
        var entries = await EntryStore.Of(reader, account.Id);
        var balance = EntryStore.Sum(entries);
        var unpaid = Arrears.OldestUnpaid(balance, await InvoiceStore.List(reader, account.Id, int.MaxValue));
        var projects = await Projects(reader, account);
        var spending = (await Bearing(reader, account, projects)).Select(b => new Spending(b, Spent(draft, b.ProjectId))).ToList();
        // A new one that nobody has paid into has nothing to use up yet.
        var left = account.Prepaid && (entries.Count > 0 || draft.Total > Fixed.Zero) ? balance - draft.Total : (Fixed?)null;
        return new(account, draft, unpaid, Arrears.StateAt(account, unpaid, left, now), projects, spending, left);
    }

    // The default account has what belongs to no other. Of that only what stands still matters: it may have been stopped by an account that it has left.
    private async Task<List<string>> Projects(Reader reader, Account account)
    {
        var own = (await AccountStore.PaidBy(reader, account.Id)).Where(m => m.ToAt is null).Select(m => m.ProjectId);
        if (account.Id != Account.Default)
        {
            return [.. own];
        }

        var elsewhere = (await AccountStore.Stays(reader)).Where(m => m.ToAt is null).Select(m => m.ProjectId).ToHashSet();
        return [.. own.Union((await power.Suspended(reader)).Where(p => !elsewhere.Contains(p)))];
    }

    // A budget for a project that others pay for holds nothing, and must not end what they suspended.
    private static async Task<List<Budget>> Bearing(Reader reader, Account account, List<string> projects)
    {
        var bearing = new List<Budget>();
        foreach (var budget in await ControlStore.Budgets(reader, account.Id))
        {
            var stay = budget.ProjectId is { } project && account.Id == Account.Default ? (await AccountStore.StaysOf(reader, project)).Find(s => s.ToAt is null) : null;
            if (budget.ProjectId is null || projects.Contains(budget.ProjectId) || (account.Id == Account.Default && stay is null))
            {
                bearing.Add(budget);
            }
        }

        return bearing;
    }

    private async Task Write(Tx tx, Findings found)
    {
        var account = found.Account;
        await ControlStore.Add(tx, new Settlement { AccountId = account.Id, At = tx.Now / Hour * Hour, PeriodFrom = found.Draft.Period.From, Total = found.Draft.Total.ToString(), Once = found.Draft.Once.ToString() });
        foreach (var spending in found.Spending)
        {
            await Alert(tx, found, spending);
        }

        // The operator's own account is not frozen: it holds the cloud's own projects.
        if (account.Id != Account.Default)
        {
            await Low(tx, found);
            await Announce(tx, found);
        }

        if (account.Id != Account.Default && found.State != account.State)
        {
            await ControlStore.State(tx, account.Id, found.State);
            await notices.Write(tx, account, Kind(found), Words(found));
        }

        await Suspend(tx, found);
    }

    private static string Kind(Findings found) => found.State switch
    {
        Arrears.Active => "restored",
        Arrears.Grace => "overdue",
        _ => found.State,
    };

    private static string Words(Findings found) => found.State switch
    {
        Arrears.Active => "All is paid; what was stopped starts again.",
        Arrears.Grace => $"Invoice {found.Unpaid!.Number} is overdue. Pay it within seven days of its due date, or services stop.",
        Arrears.Released => $"{Why(found)}: servers with their disks, networks and addresses are deleted. Images and objects are kept.",
        _ => $"{Why(found)}: services are stopped, data is kept. A payment starts them again.",
    };

    private static string Why(Findings found) => found.Left is null ? $"Invoice {found.Unpaid!.Number} has not been paid" : "The balance is used up";

    private async Task Low(Tx tx, Findings found)
    {
        if (found.Left is not { } left)
        {
            return;
        }

        var below = Prepaid.Below(found.Account, left);
        if (below?.ToString() != found.Account.LowTold)
        {
            await ControlStore.LowTold(tx, found.Account.Id, below);
        }

        if (Prepaid.IsNews(found.Account, below))
        {
            await notices.Write(tx, found.Account, "low-balance", Prepaid.Words(found.Account, below!.Value, left));
        }
    }

    private async Task Announce(Tx tx, Findings found)
    {
        var releasing = Releasing.Of(found.Account, found.State, tx.Now);
        if ((releasing.At, releasing.Told) != (found.Account.ReleaseAt, found.Account.ReleaseTold))
        {
            await ControlStore.Release(tx, found.Account.Id, releasing);
        }

        if (releasing.Warns)
        {
            await notices.Write(
                tx, found.Account, "release",
                $"{Why(found)}. On {Instant.Text(releasing.At!.Value)} servers with their disks, networks and addresses will be deleted for good. A payment before then keeps them.");
        }
    }

    private async Task Suspend(Tx tx, Findings found)
    {
        var frozen = found.Account.Id != Account.Default && found.State is (Arrears.Frozen or Arrears.Released) ? Words(found) : null;
        foreach (var project in found.Projects.Union(found.Spending.Where(s => s.Budget.ProjectId is not null).Select(s => s.Budget.ProjectId!)))
        {
            var stop = found.Spending.Find(s => s.Stops(project));
            var reason = frozen ?? (stop is null ? null : $"its budget of {stop.Budget.Amount} {found.Account.Currency} is used up. Raise the budget, or wait for the next period.");
            await (reason is null ? power.Resume(tx, found.Account, project) : power.Suspend(tx, found.Account, project, reason));
            if (found.State == Arrears.Released && found.Projects.Contains(project))
            {
                await power.Release(tx, found.Account, project, frozen!);
            }
        }
    }

    private async Task Alert(Tx tx, Findings found, Spending spending)
    {
        var (budget, from) = (spending.Budget, found.Draft.Period.From);
        var told = budget.AlertedFrom == from ? budget.AlertedPercent : 0;
        var reached = budget.Steps.LastOrDefault(step => step > told && spending.Spent >= Fixed.Parse(budget.Amount).Percent(Fixed.Whole(step)));
        if (reached > 0)
        {
            await ControlStore.Alerted(tx, budget.Id, from, reached);
            var money = found.Account.Money;
            await notices.Write(
                tx, found.Account, "budget",
                $"{reached} % of the budget of {money.Text(Fixed.Parse(budget.Amount))} {money.Code}{(budget.ProjectId is { } p ? $" for project {p}" : "")} is used: {money.Text(spending.Spent)} so far.");
        }
    }

    private static Fixed Spent(Draft draft, string? project) => project is null ? draft.Total
        : draft.Account.Money.Round(draft.Lines.SelectMany(l => l.Charge.Parts).Where(p => p.Project == project).Sum(p => p.Amount));
}

/// <summary>What was found of an account at a settlement.</summary>
/// <param name="Account">The account.</param>
/// <param name="Draft">What its period has come to.</param>
/// <param name="Unpaid">Its oldest invoice that is not paid.</param>
/// <param name="State">Where it stands with its payments.</param>
/// <param name="Projects">The projects that it pays for now.</param>
/// <param name="Spending">Its budgets, and what they have had to bear.</param>
/// <param name="Left">What it has left, where it is prepaid.</param>
internal sealed record Findings(Account Account, Draft Draft, Invoice? Unpaid, string State, IReadOnlyList<string> Projects, List<Spending> Spending, Fixed? Left);

/// <summary>A budget and what it has had to bear in the period.</summary>
internal sealed record Spending(Budget Budget, Fixed Spent)
{
    /// <summary>Whether it stops a project now.</summary>
    public bool Stops(string project) => Budget.HardStop && Spent >= Fixed.Parse(Budget.Amount) && (Budget.ProjectId is null || Budget.ProjectId == project);
}
