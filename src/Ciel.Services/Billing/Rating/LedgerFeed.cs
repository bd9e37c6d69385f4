using Ciel.Core.Ledger;
using Ciel.Core.Store;
using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Clock;

namespace Ciel.Services.Billing.Rating;

/// <summary>Reads from the ledger, or for a sandbox from its own usage, what one account pays for, project by project, and hands it to the rater.</summary>
internal static class LedgerFeed
{
    /// <summary>Feeds all that ran and was counted in a period.</summary>
    /// <param name="reader">The store.</param>
    /// <param name="payer">Who pays.</param>
    /// <param name="period">When; what is open is taken to run to its end.</param>
    /// <param name="rater">Takes it.</param>
    public static async Task Feed(Reader reader, Account payer, Period period, Rater rater)
    {
        foreach (var (project, stays) in await Stays(reader, payer.Id))
        {
            var inside = stays.Select(s => s.Meet(period)).Where(s => !s.IsEmpty).ToList();
            if (inside.Count > 0)
            {
                await Project(reader, payer.IsSandbox, project, period, inside, rater);
            }
        }
    }

    // The default account pays for all projects in all the time that they belong to no other.
    private static async Task<IReadOnlyList<(string Project, IReadOnlyList<Period> Stays)>> Stays(Reader reader, string payer)
    {
        if (payer != Account.Default)
        {
            return [.. (await AccountStore.PaidBy(reader, payer)).GroupBy(m => m.ProjectId).Select(g => (g.Key, (IReadOnlyList<Period>)[.. g.Select(m => m.When)]))];
        }

        var elsewhere = (await AccountStore.Stays(reader)).Where(m => m.PayerId != payer).ToLookup(m => m.ProjectId, m => m.When);
        return [.. (await UsageReport.Projects(reader)).Select(p => (p, Without(elsewhere[p])))];
    }

    private static IReadOnlyList<Period> Without(IEnumerable<Period> taken)
    {
        var (left, from) = (new List<Period>(), 0L);
        foreach (var stay in taken.OrderBy(s => s.From))
        {
            left.Add(new(from, stay.From));
            from = stay.To;
        }

        return [.. left.Append(new(from, long.MaxValue)).Where(p => !p.IsEmpty)];
    }

    private static async Task Project(Reader reader, bool sandbox, string project, Period period, List<Period> stays, Rater rater)
    {
        if (sandbox)
        {
            foreach (var span in await SandboxUsage.SpansIn(reader, project, period.From, period.To))
            {
                Add(new(span.Meter, span.ResourceId, span.Quantity, span.Unit, span.Attributes, span.OpenedAt, span.ClosedAt));
            }
        }
        else
        {
            await UsageReport.SpansIn(reader, project, period.From, period.To, Add);
        }

        var counts = sandbox ? await SandboxUsage.CountsIn(reader, project, period.From, period.To) : await UsageReport.CountsIn(reader, project, period.From, period.To);
        foreach (var count in counts.Where(c => stays.Exists(s => s.Contains(c.FromAt))))
        {
            rater.Add(new Counted(count.Meter, count.ProjectId, count.ResourceId, count.Quantity, count.Unit, "{}", count.FromAt));
        }

        void Add(UsageRun run)
        {
            var whole = new Period(run.OpenedAt, run.ClosedAt ?? period.To);
            foreach (var stay in stays)
            {
                if (stay.Meet(whole) is { IsEmpty: false } ran)
                {
                    rater.Add(new Usage(run.Meter, project, run.ResourceId, run.Quantity, run.Unit, run.Attributes, ran));
                }
            }
        }
    }
}
