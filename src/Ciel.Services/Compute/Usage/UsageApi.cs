using System.Text.Json;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>What servers took up, launched to terminated (Compute API reference, "Usage reports").</summary>
internal sealed class UsageApi(Db db)
{
    private static readonly TimeSpan FourWeeks = TimeSpan.FromDays(28);

    public void Map(Routes routes)
    {
        routes.Get("/v2.1/os-simple-tenant-usage", List);
        routes.Get("/v2.1/os-simple-tenant-usage/{project}", Show);
    }

    private async Task List(Call call)
    {
        if (call.Http.Request.Path.Value!.EndsWith('/'))
        {
            throw Fault.NotFound("The resource could not be found.");
        }

        call.Actor.RequireAdmin("os_compute_api:os-simple-tenant-usage:list");
        var period = await Period(call);
        var detailed = call.Query("detailed") == "1";
        var rows = await db.Read(r => UsageStore.Between(r, null, period.Start, period.Stop), call.Cancel);
        var page = Page.Of(call);
        var shown = Cut(rows, call, page);
        await call.Many(
            "tenant_usages",
            shown.GroupBy(r => r.ProjectId),
            (json, own) => UsageWire.Write(json, own.Key, [.. own], period, detailed),
            json => WriteNext(json, call, page, shown, "tenant_usages"));
    }

    private async Task Show(Call call)
    {
        var project = call.Route("project");
        if (!call.Actor.Sees(project))
        {
            throw Actor.NotAllowed("os_compute_api:os-simple-tenant-usage:show");
        }

        var period = await Period(call);
        var rows = await db.Read(r => UsageStore.Between(r, project, period.Start, period.Stop), call.Cancel);
        var page = Page.Of(call);
        var shown = Cut(rows, call, page);
        await call.Json(200, json =>
        {
            json.WriteStartObject();
            json.WritePropertyName("tenant_usage");
            if (shown.Count > 0)
            {
                UsageWire.Write(json, project, shown, period, detailed: true);
            }
            else
            {
                json.WriteStartObject();
                json.WriteEndObject();
            }

            WriteNext(json, call, page, shown, "tenant_usage");
            json.WriteEndObject();
        });
    }

    private async Task<UsagePeriod> Period(Call call)
    {
        var now = await db.Now(call.Cancel);
        var stop = Time(call, "end") ?? now;
        var start = Time(call, "start") ?? now - (long)FourWeeks.TotalMicroseconds;
        return start < stop
            ? new UsagePeriod(start, stop, now)
            : throw Fault.BadRequest("Invalid start time. The start time cannot occur after the end time.");
    }

    private static long? Time(Call call, string name) => call.Query(name) is { } text
        ? Stamp.Parse(text) ?? throw Fault.BadRequest("Invalid datetime format")
        : null;

    private static List<UsageRow> Cut(List<UsageRow> rows, Call call, Page page) =>
        call.Version < 40 ? rows : [.. page.Behind(rows, r => r.Id).Take(page.Limit)];

    private static void WriteNext(Utf8JsonWriter json, Call call, Page page, List<UsageRow> shown, string name)
    {
        if (call.Version >= 40)
        {
            Links.WriteNext(json, call, name, page.Next(shown, r => r.Id));
        }
    }
}
