using System.Text.Json;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;
using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Prices;

namespace Ciel.Services.Billing.CloudKitty;

/// <summary>Routes of CloudKitty's API, version 1, as far as its client still calls them: what is metered, and reports.</summary>
internal sealed class RatingV1Api(Db db, RatingQuery query, BookShelf shelf)
{
    private static readonly string[] Yes = ["true", "t", "yes", "y", "on", "1"];

    public void Map(Routes routes)
    {
        routes.Get("/v1/info/config", Config);
        routes.Get("/v1/info/metrics", Metrics);
        routes.Get("/v1/info/metrics/{name}", Metric);
        routes.Get("/v1/report/summary", Summary);
        routes.Get("/v1/report/total", Total);
        routes.Get("/v1/report/tenants", Tenants);
        routes.Get("/v1/rating/module_config/hashmap/services", Services);
    }

    private static Task Config(Call call) => call.Json(200, json =>
    {
        json.WriteStartObject();
        json.WriteString("collector", "ledger");
        json.WriteString("fetcher", "keystone");
        json.WriteString("rating", "pricebook");
        json.WriteEndObject();
    });

    private async Task Metrics(Call call) => await call.Many("metrics", (await Book(call)).Products, Write);

    private async Task Metric(Call call)
    {
        var name = call.Route("name");
        var product = (await Book(call)).Products.FirstOrDefault(p => p.Id == name) ?? throw Fault.NotFound($"The price book has no product {name}.");
        await call.Json(200, json => Write(json, product));
    }

    private async Task Services(Call call) => await call.Many("services", (await Book(call)).Products, (json, product) =>
    {
        json.WriteStartObject();
        json.WriteString("service_id", product.Id);
        json.WriteString("name", product.Name);
        json.WriteEndObject();
    });

    private async Task Summary(Call call)
    {
        var groups = (call.Query("groupby") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        var (byType, byTenant) = (groups.Contains("res_type"), groups.Contains("tenant_id"));
        var (period, parts) = await Parts(call);
        var found = parts.GroupBy(p => (Type: byType ? p.Product : "ALL", Tenant: byTenant ? p.Project : "ALL")).OrderBy(g => g.Key).ToList();
        await call.Many("summary", found, (json, group) =>
        {
            json.WriteStartObject();
            json.WriteString("tenant_id", group.Key.Tenant);
            json.WriteString("res_type", group.Key.Type);
            json.WriteString("rate", group.Sum(p => p.Amount).ToString());
            json.WriteString("begin", Instant.Text(period.From));
            json.WriteString("end", Instant.Text(period.To));
            json.WriteEndObject();
        });
    }

    private async Task Total(Call call)
    {
        var total = (await Parts(call)).Parts.Sum(p => p.Amount);
        await call.Json(200, json => json.WriteRawValue(total.ToString()));
    }

    private async Task Tenants(Call call)
    {
        call.Actor.RequireAdmin("rating:tenants");
        var tenants = (await query.Rated(call, null)).Parts.Select(p => p.Project).Distinct().ToList();
        await call.Json(200, json => JsonSerializer.Serialize(json, tenants));
    }

    // Version 1's rule: one's own project, unless another or all of them are asked for; and only an operator may ask so.
    private async Task<(Period Period, List<RatedPart> Parts)> Parts(Call call)
    {
        var all = Yes.Contains((call.Query("all_tenants") ?? "").ToLowerInvariant());
        var project = !all ? call.Scope(call.Query("tenant_id") ?? call.Actor.ProjectId) : call.Actor.IsAdmin ? null : throw Fault.Forbidden();
        var (period, parts) = await query.Rated(call, project);
        return (period, parts.FindAll(p => call.Query("service") is not { } service || p.Product == service));
    }

    private async Task<PriceBook> Book(Call call) => (await db.Read(shelf.Current, call.Cancel)).Book;

    private static void Write(Utf8JsonWriter json, Product product)
    {
        json.WriteStartObject();
        json.WriteString("metric_id", product.Id);
        json.WriteString("unit", product.Unit.Text);
        json.WriteStrings("metadata", []);
        json.WriteEndObject();
    }
}
