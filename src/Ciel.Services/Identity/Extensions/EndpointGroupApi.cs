using System.Text.Json;
using Ciel.Core.Errors;
using Ciel.Core.Http;

namespace Ciel.Services.Identity.Extensions;

/// <summary>Routes under /v3/OS-EP-FILTER/endpoint_groups.</summary>
internal sealed class EndpointGroupApi(Changes changes) : IIdentityApi
{
    private const string All = "/v3/OS-EP-FILTER/endpoint_groups";
    private const string One = All + "/{id}";
    private static readonly string[] Known = ["service_id", "interface", "region_id", "enabled"];
    private static readonly IReadOnlyDictionary<string, Column> Columns = Identity.Filters.Columns("name");
    internal static readonly View<EndpointGroupRow> View = new("endpoint_group", "endpoint_groups", "OS-EP-FILTER/endpoint_groups", g => g.Id, Fields);

    public void Map(Routes routes)
    {
        routes.Look(All, List);
        routes.Post(All, Create);
        routes.Look(One, Show);
        routes.Patch(One, Update);
        routes.Delete(One, Delete);
    }

    private async Task List(Call call)
    {
        call.MustReadCloud("list_endpoint_groups");
        await call.List(View, await changes.Db.Read(r => Identity.Filters.Of(call, r, "identity_endpoint_group", Columns).Page<EndpointGroupRow>(r, "*"), call.Cancel));
    }

    private async Task Create(Call call)
    {
        call.MustBeAdmin("create_endpoint_group");
        var input = (await call.Body()).Object("endpoint_group");
        var row = new EndpointGroupRow
        {
            Id = changes.Ids.Hex(),
            Name = input.Name(),
            Description = input.Description(),
            Filters = Filters(input) ?? throw input.Refuse("filters", "", "'filters' is a required property"),
        };
        await changes.Make(call, Act.Create("endpoint_group", row.Id), Scopes.Catalog, tx => EndpointGroupStore.Insert(tx, row));
        await call.Show(View, row, 201);
    }

    private async Task Show(Call call)
    {
        call.MustReadCloud("get_endpoint_group");
        await call.Show(View, await changes.Db.Read(r => EndpointGroupStore.Get(r, call.Route("id")), call.Cancel));
    }

    private async Task Update(Call call)
    {
        call.MustBeAdmin("update_endpoint_group");
        var before = await changes.Db.Read(r => EndpointGroupStore.Get(r, call.Route("id")), call.Cancel);
        var input = (await call.Body()).Object("endpoint_group");
        var row = before with
        {
            Name = input.OptionalName() ?? before.Name,
            Description = input.Description(before.Description),
            Filters = Filters(input) ?? before.Filters,
        };
        await changes.Make(call, Act.Update("endpoint_group", row.Id), Scopes.Catalog, tx => EndpointGroupStore.Update(tx, row));
        await call.Show(View, row);
    }

    private async Task Delete(Call call)
    {
        call.MustBeAdmin("delete_endpoint_group");
        await changes.Make(call, Act.Delete("endpoint_group", call.Route("id")), Scopes.Catalog, async tx =>
        {
            var row = await EndpointGroupStore.Get(tx, call.Route("id"));
            await EndpointGroupStore.Delete(tx, row.Id);
        });
        await call.Empty(204);
    }

    private static string? Filters(Input input)
    {
        if (input.OptionalObject("filters") is not { } filters)
        {
            return null;
        }

        var unknown = filters.Names.FirstOrDefault(n => !Known.Contains(n));
        return unknown is null ? filters.Json.GetRawText() : throw Fault.BadRequest(
            $"Expecting to find valid JSON body with attributes in {string.Join(", ", Known)}, not {unknown}, in filters.");
    }

    private static void Fields(Utf8JsonWriter json, EndpointGroupRow group)
    {
        json.WriteString("id", group.Id);
        json.WriteString("name", group.Name);
        json.WriteString("description", group.Description);
        Extra.WriteRaw(json, "filters", group.Filters);
    }
}
