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
                var (spans, counts) = await Read(reader, payer, project, period);
                Add(spans, counts, period, inside, rater);
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

    private static async Task<(List<UsageSpan> Spans, List<UsageCount> Counts)> Read(Reader reader, Account payer, string project, Period period) => payer.IsSandbox
        ? (await SandboxUsage.SpansIn(reader, project, period.From, period.To), await SandboxUsage.CountsIn(reader, project, period.From, period.To))
        : (await UsageReport.SpansIn(reader, project, period.From, period.To), await UsageReport.CountsIn(reader, project, period.From, period.To));

    private static void Add(List<UsageSpan> spans, List<UsageCount> counts, Period period, List<Period> stays, Rater rater)
    {
        foreach (var span in spans)
        {
            foreach (var ran in stays.Select(s => s.Meet(new(span.OpenedAt, span.ClosedAt ?? period.To))).Where(r => !r.IsEmpty))
            {
                rater.Add(new Usage(span.Meter, span.ProjectId, span.ResourceId, span.Quantity, span.Unit, span.Attributes, ran));
            }
        }

        foreach (var count in counts.Where(c => stays.Exists(s => s.Contains(c.FromAt))))
        {
            rater.Add(new Counted(count.Meter, count.ProjectId, count.ResourceId, count.Quantity, count.Unit, "{}", count.FromAt));
        }
    }
}
