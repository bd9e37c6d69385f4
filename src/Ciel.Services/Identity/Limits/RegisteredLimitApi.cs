using System.Text.Json;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;

namespace Ciel.Services.Identity.Limits;

/// <summary>Routes under /v3/registered_limits (Identity API reference, "Unified Limits"). Everybody with a token may look.</summary>
internal sealed class RegisteredLimitApi(Changes changes) : IIdentityApi
{
    private const string One = "/v3/registered_limits/{id}";
    private static readonly IReadOnlyDictionary<string, Column> Columns = Filters.Columns("service_id", "region_id", "resource_name");
    private static readonly View<RegisteredLimitRow> View = new("registered_limit", "registered_limits", "registered_limits", l => l.Id, Fields);

    public void Map(Routes routes)
    {
        routes.Look("/v3/registered_limits", List);
        routes.Post("/v3/registered_limits", Create);
        routes.Look(One, Show);
        routes.Patch(One, Update);
        routes.Delete(One, Delete);
    }

    private async Task List(Call call) => await call.List(
        View, await changes.Db.Read(r => Filters.Of(call, r, "identity_registered_limit", Columns).Page<RegisteredLimitRow>(r, "*"), call.Cancel));

    private async Task Create(Call call)
    {
        call.MustBeAdmin("create_registered_limits");
        var rows = (await LimitInput.Many(call, "registered_limits")).Select(Read).ToArray();
        await changes.Make(call, Act.Create("registered_limit", rows[0].Id), null, async tx =>
        {
            foreach (var row in rows)
            {
                await LimitInput.CheckPlace(tx, row.ServiceId, row.RegionId);
                await LimitStore.Insert(tx, row);
            }
        });
        await call.List(View, rows, status: 201);
    }

    private async Task Show(Call call) => await call.Show(View, await Find(changes.Db, call));

    private async Task Update(Call call)
    {
        call.MustBeAdmin("update_registered_limit");
        var before = await Find(changes.Db, call);
        var input = (await call.Body()).Object("registered_limit");
        var row = before with
        {
            ServiceId = input.OptionalString("service_id", 1) ?? before.ServiceId,
            RegionId = input.Has("region_id") ? input.OptionalString("region_id") ?? "" : before.RegionId,
            ResourceName = input.OptionalString("resource_name", 1) ?? before.ResourceName,
            DefaultLimit = input.Has("default_limit") ? LimitInput.Amount(input, "default_limit") : before.DefaultLimit,
            Description = input.Description(before.Description),
        };
        input.Done();
        await changes.Make(call, Act.Update("registered_limit", row.Id), null, async tx =>
        {
            await CheckUnused(tx, before);
            await LimitInput.CheckPlace(tx, row.ServiceId, row.RegionId);
            await LimitStore.Update(tx, row);
        });
        await call.Show(View, row);
    }

    private async Task Delete(Call call)
    {
        call.MustBeAdmin("delete_registered_limit");
        var row = await Find(changes.Db, call);
        await changes.Make(call, Act.Delete("registered_limit", row.Id), null, async tx =>
        {
            await CheckUnused(tx, row);
            await LimitStore.DeleteRegistered(tx, row.Id);
        });
        await call.Empty(204);
    }

    private RegisteredLimitRow Read(Input input)
    {
        var row = new RegisteredLimitRow
        {
            Id = changes.Ids.Hex(),
            ServiceId = input.String("service_id"),
            RegionId = input.OptionalString("region_id") ?? "",
            ResourceName = input.String("resource_name"),
            DefaultLimit = LimitInput.Amount(input, "default_limit"),
            Description = input.Description(),
        };
        input.Done();
        return row;
    }

    private static async Task CheckUnused(Tx tx, RegisteredLimitRow row)
    {
        if (await LimitStore.IsUsed(tx, row))
        {
            throw Fault.Forbidden($"Unable to update or delete registered limit {row.Id} because there are project limits associated with it.");
        }
    }

    private static async Task<RegisteredLimitRow> Find(Db db, Call call) =>
        await db.Read(r => LimitStore.FindRegistered(r, call.Route("id")), call.Cancel) ?? throw Rules.Missing("registered limit", call.Route("id"));

    private static void Fields(Utf8JsonWriter json, RegisteredLimitRow limit)
    {
        json.WriteString("id", limit.Id);
        json.WriteString("service_id", limit.ServiceId);
        json.WriteString("region_id", limit.RegionId.Length == 0 ? null : limit.RegionId);
        json.WriteString("resource_name", limit.ResourceName);
        json.WriteNumber("default_limit", limit.DefaultLimit);
        json.WriteString("description", limit.Description);
    }
}
