using System.Text.Json;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;
using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Calendar;

namespace Ciel.Services.Billing.CloudKitty;

/// <summary>Routes of CloudKitty's API, version 2: summaries and scopes.</summary>
internal sealed class RatingApi(Db db, RatingQuery query)
{
    public void Map(Routes routes)
    {
        routes.Open("GET", "", Versions);
        routes.Get("/v2/summary", Summary);
        routes.Get("/v2/scope", Scopes);
        routes.Put("/v2/scope", RatingDoor.ReadOnly);
        routes.Patch("/v2/scope", RatingDoor.ReadOnly);
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
        if (groups.FirstOrDefault(g => !RatedPart.Keys.ContainsKey(g)) is { } unknown)
        {
            throw Fault.BadRequest($"'{unknown}': group by {string.Join(", ", RatedPart.Keys.Keys)}.");
        }

        var (period, parts) = await query.Filtered(call);
        var found = parts.GroupBy(p => string.Join('\n', groups.Select(g => RatedPart.Keys[g](p)))).OrderBy(g => g.Key, StringComparer.Ordinal).ToList();
        string[] columns = ["begin", "end", "qty", "rate", .. groups];
        await call.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("total", found.Count);
            json.WriteStrings("columns", columns);
            json.WriteStartArray("results");
            foreach (var group in call.Page(found))
            {
                Row(json, call.Query("response_format") == "object" ? columns : null, period, [.. group], [.. groups.Select(g => RatedPart.Keys[g](group.First()))]);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static void Row(Utf8JsonWriter json, string[]? names, Period period, List<RatedPart> parts, List<string> group)
    {
        var (quantity, amount) = (parts.Sum(p => p.Quantity), parts.Sum(p => p.Amount));
        List<string> cells = [Quoted(Instant.Text(period.From)), Quoted(Instant.Text(period.To)), quantity.ToString(), amount.ToString(), .. group.Select(Quoted)];
        if (names is null)
        {
            json.WriteRawValue($"[{string.Join(',', cells)}]");
            return;
        }

        json.WriteRawValue($"{{{string.Join(',', names.Zip(cells, (name, cell) => $"\"{name}\":{cell}"))}}}");
    }

    private static string Quoted(string text) => JsonSerializer.Serialize(text);

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
            json.WriteString("state", Instant.Text(now / Micros.Second * Micros.Second));
            json.WriteBoolean("active", true);
            json.WriteEndObject();
        });
    }
}
