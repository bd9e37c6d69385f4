using Ciel.Core.Ledger;
using Ciel.Core.Store;
using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Invoices;
using Ciel.Services.Billing.Rating;

namespace Ciel.Services.Billing.CloudKitty;

/// <summary>What one resource ran of a product and what that costs, before tax.</summary>
/// <param name="Project">Its project.</param>
/// <param name="Resource">Its id.</param>
/// <param name="Product">The product; CloudKitty calls it the type.</param>
/// <param name="Unit">The unit of sale.</param>
/// <param name="Ran">When.</param>
/// <param name="Quantity">Units.</param>
/// <param name="Amount">Before rounding.</param>
internal sealed record RatedPart(string Project, string Resource, string Product, string Unit, Period Ran, Fixed Quantity, Fixed Amount)
{
    /// <summary>What version 2 filters and groups by.</summary>
    public static readonly IReadOnlyDictionary<string, Func<RatedPart, string>> Keys = new Dictionary<string, Func<RatedPart, string>>
    {
        ["type"] = p => p.Product,
        ["project_id"] = p => p.Project,
        ["id"] = p => p.Resource,
    };
}

/// <summary>Rates any stretch of time from the ledger, as previews do.</summary>
internal static class RatedUsage
{
    /// <summary>All parts of a stretch of time, in order of projects, products and resources.</summary>
    /// <param name="reader">The store.</param>
    /// <param name="drafts">Rates.</param>
    /// <param name="period">When.</param>
    /// <param name="project">Only this project's; null for all.</param>
    public static async Task<List<RatedPart>> Of(Reader reader, DraftBook drafts, Period period, string? project)
    {
        var parts = new List<RatedPart>();
        foreach (var account in project is null ? await AccountStore.All(reader) : await AccountStore.Some(reader, await Payers(reader, project, period)))
        {
            if (account.ParentId is null && !account.IsSandbox)
            {
                var (_, rated) = await drafts.Rate(reader, account, period);
                parts.AddRange(rated.Charges().SelectMany(Parts).Where(p => project is null || p.Project == project));
            }
        }

        return [.. parts.OrderBy(p => p.Project, StringComparer.Ordinal).ThenBy(p => p.Product, StringComparer.Ordinal).ThenBy(p => p.Resource, StringComparer.Ordinal)];
    }

    /// <summary>The projects that have a ledger.</summary>
    public static Task<IReadOnlyList<string>> Projects(Reader reader) => UsageReport.Projects(reader);

    // The default account pays unless one other does for all of the time.
    private static async Task<IReadOnlyList<string>> Payers(Reader reader, string project, Period period)
    {
        var stays = (await AccountStore.StaysOf(reader, project)).Where(s => !s.When.Meet(period).IsEmpty).ToList();
        return [.. stays.Exists(s => s.When.Meet(period) == period) ? (string[])[] : [Account.Default], .. stays.Select(s => s.PayerId).Distinct()];
    }

    private static IEnumerable<RatedPart> Parts(Charge charge) =>
        charge.Parts.Select(p => new RatedPart(p.Project, p.Resource, charge.Product, charge.Unit, charge.Ran, charge.Kind == ChargeKind.Discount ? Fixed.Zero : p.Quantity, p.Amount));
}
