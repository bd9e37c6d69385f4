using System.Text.Json;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;
using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Door;
using Ciel.Services.Billing.Invoices;

namespace Ciel.Services.Billing.CloudKitty;

/// <summary>Routes of CloudKitty's API, version 2: summaries, dataframes, scopes, modules.</summary>
internal sealed class RatingApi(Db db, DraftBook drafts)
{
    private static readonly Dictionary<string, Func<RatedPart, string>> Groups = new()
    {
        ["type"] = p => p.Product,
        ["project_id"] = p => p.Project,
        ["id"] = p => p.Resource,
    };

    public void Map(Routes routes)
    {
        routes.Open("GET", "", Versions);
        routes.Get("/v2/summary", Summary);
        routes.Get("/v2/dataframes", Dataframes);
        routes.Post("/v2/dataframes", ReadOnly);
        routes.Get("/v2/scope", Scopes);
        routes.Put("/v2/scope", ReadOnly);
        routes.Patch("/v2/scope", ReadOnly);
        routes.Get("/v2/rating/modules", Modules);
        routes.Get("/v2/rating/modules/{id}", Module);
        routes.Put("/v2/rating/modules/{id}", ReadOnly);
    }

    /// <summary>What one asks to change here is changed elsewhere.</summary>
    public static Task ReadOnly(Call call) =>
        throw Fault.Forbidden("Rating follows the ledger and the price book and is not changed here: see `ciel price export` and `ciel price import`.");

    /// <summary>The one module there is.</summary>
    public static void Write(Utf8JsonWriter json, string hotConfig)
    {
        json.WriteStartObject();
        json.WriteString("module_id", "pricebook");
        json.WriteString("description", "The price book: `ciel price export` prints it.");
        json.WriteBoolean("enabled", true);
        json.WriteBoolean(hotConfig, true);
        json.WriteNumber("priority", 1);
        json.WriteEndObject();
    }

    // CloudKitty calls its version 2 experimental still.
    private static Task Versions(Call call) => call.Json(200, json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("versions");
        foreach (var (id, status) in ((string, string)[])[("v1", "CURRENT"), ("v2", "EXPERIMENTAL")])
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteStartArray("links");
            json.WriteStartObject();
            json.WriteString("href", $"{call.BaseUrl}/{id}");
            json.WriteString("rel", "self");
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteString("status", status);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private async Task Summary(Call call)
    {
        var groups = (call.Query("groupby") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (groups.FirstOrDefault(g => !Groups.ContainsKey(g)) is { } unknown)
        {
            throw Fault.BadRequest($"'{unknown}': group by {string.Join(", ", Groups.Keys)}.");
        }

        var (period, parts) = await Parts(call);
        var found = parts.GroupBy(p => string.Join('\n', groups.Select(g => Groups[g](p)))).OrderBy(g => g.Key, StringComparer.Ordinal).ToList();
        string[] columns = ["begin", "end", "qty", "rate", .. groups];
        await call.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("total", found.Count);
            json.WriteStrings("columns", columns);
            json.WriteStartArray("results");
            foreach (var group in call.Page(found))
            {
                Row(json, call.Query("response_format") == "object" ? columns : null, period, [.. group], [.. groups.Select(g => Groups[g](group.First()))]);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static void Row(Utf8JsonWriter json, string[]? names, Period period, List<RatedPart> parts, List<string> group)
    {
        var (quantity, amount) = parts.Aggregate((Fixed.Zero, Fixed.Zero), (sum, p) => (sum.Item1 + p.Quantity, sum.Item2 + p.Amount));
        List<string> cells = [Quoted(Instant.Text(period.From)), Quoted(Instant.Text(period.To)), quantity.ToString(), amount.ToString(), .. group.Select(Quoted)];
        if (names is null)
        {
            json.WriteRawValue($"[{string.Join(',', cells)}]");
            return;
        }

        json.WriteRawValue($"{{{string.Join(',', names.Zip(cells, (name, cell) => $"\"{name}\":{cell}"))}}}");
    }

    private static string Quoted(string text) => JsonSerializer.Serialize(text);

    private async Task Dataframes(Call call)
    {
        var (_, parts) = await Parts(call);
        await call.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("total", parts.Count);
            json.WriteStartArray("dataframes");
            foreach (var frame in call.Page(parts).GroupBy(p => p.Ran))
            {
                json.WriteStartObject();
                json.WriteStartObject("period");
                json.WriteString("begin", Instant.Text(frame.Key.From));
                json.WriteString("end", Instant.Text(frame.Key.To));
                json.WriteEndObject();
                json.WriteStartObject("usage");
                foreach (var product in frame.GroupBy(p => p.Product))
                {
                    json.WriteStartArray(product.Key);
                    foreach (var part in product)
                    {
                        Point(json, part);
                    }

                    json.WriteEndArray();
                }

                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static void Point(Utf8JsonWriter json, RatedPart part)
    {
        json.WriteStartObject();
        json.WriteStartObject("vol");
        json.WriteString("unit", part.Unit);
        json.WriteExact("qty", part.Quantity);
        json.WriteEndObject();
        json.WriteStartObject("rating");
        json.WriteExact("price", part.Amount);
        json.WriteEndObject();
        json.WriteStartObject("groupby");
        json.WriteString("project_id", part.Project);
        json.WriteString("id", part.Resource);
        json.WriteEndObject();
        json.WriteStartObject("metadata");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private async Task<(Period Period, List<RatedPart> Parts)> Parts(Call call)
    {
        var filters = call.Filters("type", "project_id", "id");
        var now = await db.Now(call.Cancel);
        var (period, project) = (call.When(now), call.Scope(filters.GetValueOrDefault("project_id")));
        var until = period.Meet(new(0, now));
        var parts = until.IsEmpty ? [] : await db.Read(r => RatedUsage.Of(r, drafts, until, project), call.Cancel);
        return (period, parts.FindAll(p => filters.All(f => Groups[f.Key](p) == f.Value)));
    }

    private async Task Scopes(Call call)
    {
        call.Actor.RequireAdmin("rating:scope");
        var (now, wanted) = (await db.Now(call.Cancel), call.Query("scope_id")?.Split(','));
        var projects = (await db.Read(RatedUsage.Projects, call.Cancel)).Where(p => wanted is null || wanted.Contains(p)).Order(StringComparer.Ordinal).ToList();
        if (projects.Count == 0)
        {
            throw Fault.NotFound("No scope was found for the filters.");
        }

        await call.Many("results", call.Page(projects).ToList(), (json, project) =>
        {
            json.WriteStartObject();
            json.WriteString("scope_id", project);
            json.WriteString("scope_key", "project_id");
            json.WriteString("collector", "ledger");
            json.WriteString("fetcher", "keystone");
            json.WriteString("state", Instant.Text(now / 1_000_000 * 1_000_000));
            json.WriteBoolean("active", true);
            json.WriteEndObject();
        });
    }

    private Task Modules(Call call)
    {
        call.Actor.RequireAdmin("rating:modules");
        return call.Many("modules", (string[])["hot-config"], Write);
    }

    private Task Module(Call call)
    {
        call.Actor.RequireAdmin("rating:modules");
        return call.Route("id") == "pricebook" ? call.Json(200, json => Write(json, "hot-config")) : throw Fault.NotFound($"There is no module {call.Route("id")}; there is one, pricebook.");
    }
}
