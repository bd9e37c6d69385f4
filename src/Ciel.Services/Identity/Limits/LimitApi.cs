using System.Text.Json;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;
using Ciel.Services.Identity.Projects;

namespace Ciel.Services.Identity.Limits;

/// <summary>Routes under /v3/limits (Identity API reference, "Unified Limits"): whoever does not read the whole cloud sees the limits of its own project or domain.</summary>
internal sealed class LimitApi(Changes changes) : IIdentityApi
{
    private const string One = "/v3/limits/{id}";
    private static readonly IReadOnlyDictionary<string, Column> Columns = Filters.Columns("service_id", "region_id", "resource_name", "project_id", "domain_id");
    private static readonly View<LimitRow> View = new("limit", "limits", "limits", l => l.Id, Fields);

    public void Map(Routes routes)
    {
        routes.Look("/v3/limits/model", Model);
        routes.Look("/v3/limits", List);
        routes.Post("/v3/limits", Create);
        routes.Look(One, Show);
        routes.Patch(One, Update);
        routes.Delete(One, Delete);
    }

    private static Task Model(Call call) => call.Json(200, json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("model");
        json.WriteString("name", "flat");
        json.WriteString("description", "Limit enforcement and validation does not take project hierarchy into consideration.");
        json.WriteEndObject();
        json.WriteEndObject();
    });

    private async Task List(Call call)
    {
        var rows = await changes.Db.Read(
            r =>
            {
                var query = Filters.Of(call, r, "identity_limit", Columns);
                if (!call.Actor.ReadsCloud())
                {
                    query.Where("(project_id = @own OR domain_id = @own)", ("own", call.Actor.ProjectId ?? call.Actor.DomainId ?? "-"));
                }

                return query.Page<LimitRow>(r, "*");
            },
            call.Cancel);
        await call.List(View, rows);
    }

    private async Task Create(Call call)
    {
        call.MustBeAdmin("create_limits");
        var rows = (await LimitInput.Many(call, "limits")).Select(Read).ToArray();
        await changes.Make(call, Act.Create("limit", rows[0].Id), null, async tx =>
        {
            foreach (var row in rows)
            {
                await Check(tx, row);
                await LimitStore.Insert(tx, row);
            }
        });
        await call.List(View, rows, status: 201);
    }

    private async Task Show(Call call) => await call.Show(View, await Find(call));

    private async Task Update(Call call)
    {
        call.MustBeAdmin("update_limit");
        var before = await Find(call);
        var input = (await call.Body()).Object("limit");
        var row = before with
        {
            ResourceLimit = input.Has("resource_limit") ? LimitInput.Amount(input, "resource_limit") : before.ResourceLimit,
            Description = input.Description(before.Description),
        };
        input.Done();
        await changes.Make(call, Act.Update("limit", row.Id), null, tx => LimitStore.Update(tx, row));
        await call.Show(View, row);
    }

    private async Task Delete(Call call)
    {
        call.MustBeAdmin("delete_limit");
        var row = await Find(call);
        await changes.Make(call, Act.Delete("limit", row.Id), null, tx => LimitStore.Delete(tx, row.Id));
        await call.Empty(204);
    }

    private LimitRow Read(Input input)
    {
        var row = new LimitRow
        {
            Id = changes.Ids.Hex(),
            ProjectId = input.OptionalString("project_id") ?? "",
            DomainId = input.OptionalString("domain_id") ?? "",
            ServiceId = input.String("service_id"),
            RegionId = input.OptionalString("region_id") ?? "",
            ResourceName = input.String("resource_name"),
            ResourceLimit = LimitInput.Amount(input, "resource_limit"),
            Description = input.Description(),
        };
        input.Done();
        return (row.ProjectId.Length > 0) != (row.DomainId.Length > 0)
            ? row
            : throw Fault.BadRequest("A limit is either a project's or a domain's: exactly one of project_id and domain_id is required.");
    }

    private static async Task Check(Tx tx, LimitRow row)
    {
        await LimitInput.CheckPlace(tx, row.ServiceId, row.RegionId);
        var owner = row.ProjectId.Length > 0 ? row.ProjectId : row.DomainId;
        _ = await ProjectStore.Find(tx, owner) is { } found && found.IsDomain == row.DomainId.Length > 0
            ? found
            : throw Fault.BadRequest($"Could not find {(row.DomainId.Length > 0 ? "domain" : "project")}: {owner}.");
        if (!await LimitStore.IsRegistered(tx, row))
        {
            throw Fault.Forbidden("Unable to create a limit that has no corresponding registered limit.");
        }
    }

    private async Task<LimitRow> Find(Call call)
    {
        var row = await changes.Db.Read(r => LimitStore.Find(r, call.Route("id")), call.Cancel);
        var own = call.Actor.ProjectId ?? call.Actor.DomainId ?? "-";
        Rules.Must(call.Actor.ReadsCloud() || row?.ProjectId == own || row?.DomainId == own, "get_limit");
        return row ?? throw Rules.Missing("limit", call.Route("id"));
    }

    private static void Fields(Utf8JsonWriter json, LimitRow limit)
    {
        json.WriteString("id", limit.Id);
        json.WriteString("project_id", limit.ProjectId.Length == 0 ? null : limit.ProjectId);
        json.WriteString("domain_id", limit.DomainId.Length == 0 ? null : limit.DomainId);
        json.WriteString("service_id", limit.ServiceId);
        json.WriteString("region_id", limit.RegionId.Length == 0 ? null : limit.RegionId);
        json.WriteString("resource_name", limit.ResourceName);
        json.WriteNumber("resource_limit", limit.ResourceLimit);
        json.WriteString("description", limit.Description);
    }
}
