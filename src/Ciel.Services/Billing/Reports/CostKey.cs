using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Prices;

namespace Ciel.Services.Billing.Reports;

/// <summary>By what a report is grouped. What has no such key stands under the empty one. Pure.</summary>
/// <param name="Book">For meters.</param>
/// <param name="Stays">For cost centres.</param>
/// <param name="CostCentre">The account's own, for what is in no other; empty for none.</param>
/// <param name="Tags">By thing (a resource or a project) and tag.</param>
internal sealed record CostKey(PriceBook Book, IReadOnlyList<Membership> Stays, string CostCentre, IReadOnlyDictionary<(string Thing, string Tag), string> Tags)
{
    private const string Tag = "tag:";

    /// <summary>Whether there is such a key.</summary>
    public static bool Is(string by) => by is "project" or "cost-centre" or "meter" or "product" or "resource" || (by.StartsWith(Tag, StringComparison.Ordinal) && by.Length > Tag.Length);

    /// <summary>A row's.</summary>
    public string Of(string by, CostRow row) => by switch
    {
        "project" => row.Project,
        "resource" => row.Resource,
        "product" => row.Product,
        "meter" => Book.Products.FirstOrDefault(p => p.Id == row.Product)?.Meter ?? row.Product,
        "cost-centre" => Membership.CostCentreOf(Stays, row.Project, row.Ran) ?? CostCentre,
        _ => Tags.GetValueOrDefault((row.Resource, by[Tag.Length..])) ?? Tags.GetValueOrDefault((row.Project, by[Tag.Length..])) ?? "",
    };
}
