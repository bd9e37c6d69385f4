using System.Text.Json;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Door;

namespace Ciel.Services.Billing.CloudKitty;

/// <summary>Routes of CloudKitty's dataframes, in both versions: what each resource ran in each period of one price, and what it costs.</summary>
internal sealed class DataframesApi(RatingQuery query)
{
    public void Map(Routes routes)
    {
        routes.Get("/v1/storage/dataframes", All);
        routes.Get("/v2/dataframes", Page);
        routes.Post("/v2/dataframes", RatingDoor.ReadOnly);
    }

    // Version 1 has no pages, one frame for each project and type, and its numbers are text.
    private async Task All(Call call)
    {
        var (_, parts) = await query.Rated(call, call.Scope(call.Query("tenant_id")));
        var frames = parts.Where(p => call.Query("resource_type") is not { } type || p.Product == type).GroupBy(p => (p.Ran, p.Project, p.Product)).OrderBy(f => f.Key.Ran.From);
        await call.Many("dataframes", frames, (json, frame) =>
        {
            json.WriteStartObject();
            json.WriteString("begin", Instant.Text(frame.Key.Ran.From));
            json.WriteString("end", Instant.Text(frame.Key.Ran.To));
            json.WriteString("tenant_id", frame.Key.Project);
            json.WriteStartArray("resources");
            foreach (var part in frame)
            {
                json.WriteStartObject();
                json.WriteString("service", part.Product);
                Whose(json, "desc", part);
                json.WriteString("volume", part.Quantity.ToString());
                json.WriteString("rating", part.Amount.ToString());
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    // Pages and the total count points, not frames: CloudKitty counts so, and has 404 for none.
    private async Task Page(Call call)
    {
        var (_, parts) = await query.Filtered(call);
        var frames = call.Page(parts.OrderBy(p => p.Ran.From).ThenBy(p => p.Ran.To)).GroupBy(p => p.Ran).ToList();
        if (parts.Count == 0)
        {
            throw Fault.NotFound("No resource found for provided filters.");
        }

        await call.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("total", parts.Count);
            json.WriteStartArray("dataframes");
            foreach (var frame in frames)
            {
                Frame(json, frame);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static void Frame(Utf8JsonWriter json, IGrouping<Period, RatedPart> frame)
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
        Whose(json, "groupby", part);
        json.WriteStartObject("metadata");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Whose(Utf8JsonWriter json, string name, RatedPart part)
    {
        json.WriteStartObject(name);
        json.WriteString("project_id", part.Project);
        json.WriteString("id", part.Resource);
        json.WriteEndObject();
    }
}
