using System.Text.Json;
using Ciel.Core.Http;

namespace Ciel.Services.Identity.Extensions;

/// <summary>Routes under /v3/policies.</summary>
internal sealed class PolicyApi(Changes changes) : IIdentityApi
{
    private const string One = "/v3/policies/{id}";
    private static readonly IReadOnlyDictionary<string, Column> Columns = Filters.Columns("type");
    private static readonly View<PolicyRow> View = new("policy", "policies", "policies", p => p.Id, Fields);

    public void Map(Routes routes)
    {
        routes.Look("/v3/policies", List);
        routes.Post("/v3/policies", Create);
        routes.Look(One, Show);
        routes.Patch(One, Update);
        routes.Delete(One, Delete);
    }

    private async Task List(Call call)
    {
        call.MustReadCloud("list_policies");
        await call.List(View, await changes.Db.Read(r => Filters.Of(call, r, "identity_policy", Columns).Page<PolicyRow>(r, "*"), call.Cancel));
    }

    private async Task Create(Call call)
    {
        call.MustBeAdmin("create_policy");
        var input = (await call.Body()).Object("policy");
        var read = new PolicyRow { Id = changes.Ids.Hex(), Type = input.String("type"), Blob = Blob(input) ?? throw input.Refuse("blob", "", "'blob' is a required property") };
        var row = read with { Extra = Extra.Of(input) };
        await changes.Make(call, Act.Create("policy", row.Id), null, tx => PolicyStore.Insert(tx, row));
        await call.Show(View, row, 201);
    }

    private async Task Show(Call call)
    {
        call.MustReadCloud("get_policy");
        await call.Show(View, await Find(call));
    }

    private async Task Update(Call call)
    {
        call.MustBeAdmin("update_policy");
        var before = await Find(call);
        var input = (await call.Body()).Object("policy");
        var read = before with { Type = input.OptionalString("type", 1) ?? before.Type, Blob = Blob(input) ?? before.Blob };
        var row = read with { Extra = Extra.Of(input, before.Extra) };
        await changes.Make(call, Act.Update("policy", row.Id), null, tx => PolicyStore.Update(tx, row));
        await call.Show(View, row);
    }

    private async Task Delete(Call call)
    {
        call.MustBeAdmin("delete_policy");
        var row = await Find(call);
        await changes.Make(call, Act.Delete("policy", row.Id), null, tx => PolicyStore.Delete(tx, row.Id));
        await call.Empty(204);
    }

    private static string? Blob(Input input) => input.Raw("blob") switch
    {
        null or { ValueKind: JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.String or JsonValueKind.Object } blob => blob.GetRawText(),
        _ => throw input.Refuse("blob", "", "it is neither text nor an object"),
    };

    private async Task<PolicyRow> Find(Call call) =>
        await changes.Db.Read(r => PolicyStore.Find(r, call.Route("id")), call.Cancel)
        ?? throw Rules.Missing("policy", call.Route("id"));

    private static void Fields(Utf8JsonWriter json, PolicyRow policy)
    {
        json.WriteString("id", policy.Id);
        json.WriteString("type", policy.Type);
        Extra.WriteRaw(json, "blob", policy.Blob);
        Extra.Write(json, policy.Extra);
    }
}
