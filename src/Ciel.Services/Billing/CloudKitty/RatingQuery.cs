using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Door;
using Ciel.Services.Billing.Invoices;

namespace Ciel.Services.Billing.CloudKitty;

/// <summary>What a call asks for: rated usage of a period.</summary>
internal sealed class RatingQuery(Db db, DraftBook drafts)
{
    /// <summary>
    /// What ran <c>begin</c> to <c>end</c> and what that costs; left out: the month that is now, UTC, as CloudKitty has it. What has not come yet costs
    /// nothing yet.
    /// </summary>
    /// <param name="call">The call.</param>
    /// <param name="project">Only this project's; null for all.</param>
    /// <exception cref="Fault">400 where the period is none.</exception>
    public async Task<(Period Period, List<RatedPart> Parts)> Rated(Call call, string? project)
    {
        var now = await db.Now(call.Cancel);
        var month = Period.Month(Zone.Utc.Day(now), Zone.Utc);
        var period = new Period(call.QueryInstant("begin") ?? month.From, call.QueryInstant("end") ?? month.To);
        if (period.IsEmpty)
        {
            throw Fault.BadRequest("begin must be before end.");
        }

        var soFar = period.Meet(new(0, now));
        return (period, soFar.IsEmpty ? [] : await db.Read(r => RatedUsage.Of(r, drafts, soFar, project), call.Cancel));
    }

    /// <summary>The same by version 2's <c>filters</c>, as its client writes them: <c>project_id:X,type:vcpu</c>.</summary>
    /// <exception cref="Fault">400 for a filter that there is not, 403 for another's project.</exception>
    public async Task<(Period Period, List<RatedPart> Parts)> Filtered(Call call)
    {
        var filters = new Dictionary<string, string>();
        foreach (var filter in (call.Query("filters") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = filter.Split(':', 2);
            filters[parts[0]] = parts.Length == 2 && RatedPart.Keys.ContainsKey(parts[0]) ? parts[1]
                : throw Fault.BadRequest($"'{filter}': filter by {string.Join(", ", RatedPart.Keys.Keys)}, such as type:vcpu.");
        }

        var (period, rated) = await Rated(call, call.Scope(filters.GetValueOrDefault("project_id")));
        return (period, rated.FindAll(p => filters.All(f => RatedPart.Keys[f.Key](p) == f.Value)));
    }
}
