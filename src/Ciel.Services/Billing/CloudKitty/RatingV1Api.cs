using System.Text.Json;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;
using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Invoices;
using Ciel.Services.Billing.Prices;

namespace Ciel.Services.Billing.CloudKitty;

/// <summary>Routes of CloudKitty's API, version 1, as far as its client still calls them: what is metered, and reports.</summary>
internal sealed class RatingV1Api(Db db, DraftBook drafts, BookShelf shelf)
{
    public void Map(Routes routes)
    {
        routes.Get("/v1/info/config", Config);
        routes.Get("/v1/info/metrics", Metrics);
        routes.Get("/v1/info/metrics/{name}", Metric);
        routes.Get("/v1/report/summary", Summary);
        routes.Get("/v1/report/total", Total);
        routes.Get("/v1/report/tenants", Tenants);
        routes.Get("/v1/rating/modules", Modules);
        routes.Get("/v1/rating/modules/{id}", Module);
        routes.Put("/v1/rating/modules/{id}", RatingApi.ReadOnly);
        routes.Get("/v1/rating/reload_modules", RatingApi.ReadOnly);
        routes.Get("/v1/rating/module_config/hashmap/services", Services);
        foreach (var map in (Action<string, Handler>[])[routes.Get, routes.Post, routes.Put, routes.Delete])
        {
            map("/v1/rating/module_config/{**rest}", RatingApi.ReadOnly);
        }
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
            json.WriteString("rate", Sum(group).ToString());
            json.WriteString("begin", Instant.Text(period.From));
            json.WriteString("end", Instant.Text(period.To));
            json.WriteEndObject();
        });
    }

    private async Task Total(Call call)
    {
        var total = Sum((await Parts(call)).Parts);
        await call.Json(200, json => json.WriteRawValue(total.ToString()));
    }

    private async Task Tenants(Call call)
    {
        call.Actor.RequireAdmin("rating:tenants");
        var tenants = (await Parts(call)).Parts.Select(p => p.Project).Distinct().ToList();
        await call.Json(200, json => JsonSerializer.Serialize(json, tenants));
    }

    private static Task Modules(Call call)
    {
        call.Actor.RequireAdmin("rating:modules");
        return call.Many("modules", (string[])["hot_config"], RatingApi.Write);
    }

    private static Task Module(Call call)
    {
        call.Actor.RequireAdmin("rating:modules");
        return call.Route("id") == "pricebook" ? call.Json(200, json => RatingApi.Write(json, "hot_config")) : throw Fault.NotFound($"There is no module {call.Route("id")}; there is one, pricebook.");
    }

    private async Task<(Period Period, List<RatedPart> Parts)> Parts(Call call)
    {
        var now = await db.Now(call.Cancel);
        var all = call.Actor.IsAdmin && (call.Query("all_tenants") == "True" || call.Query("tenant_id") is null);
        var (period, project) = (call.When(now), all ? null : call.Scope(call.Query("tenant_id")));
        var until = period.Meet(new(0, now));
        var parts = until.IsEmpty ? [] : await db.Read(r => RatedUsage.Of(r, drafts, until, project), call.Cancel);
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

    private static Fixed Sum(IEnumerable<RatedPart> parts) => parts.Sum(p => p.Amount);
}
