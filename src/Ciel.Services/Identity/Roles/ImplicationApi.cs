using System.Text.Json;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;

namespace Ciel.Services.Identity.Roles;

/// <summary>Routes about roles that imply others: /v3/roles/{id}/implies and /v3/role_inferences.</summary>
internal sealed class ImplicationApi(Changes changes) : IIdentityApi
{
    private const string One = "/v3/roles/{prior}/implies/{implied}";

    public void Map(Routes routes)
    {
        routes.Look("/v3/role_inferences", ListAll);
        routes.Look("/v3/roles/{prior}/implies", List);
        routes.Get(One, Show);
        routes.Head(One, Check);
        routes.Put(One, Create);
        routes.Delete(One, Delete);
    }

    private async Task ListAll(Call call)
    {
        call.MustReadCloud("list_role_inference_rules");
        var (roles, pairs) = await changes.Db.Read(
            async r => (await RoleStore.All(r), await RoleStore.Implications(r)),
            call.Cancel);
        var byId = roles.ToDictionary(r => r.Id);
        await call.Many(
            "role_inferences",
            pairs.GroupBy(p => p.Prior),
            (json, rule) => WriteRule(json, call, byId[rule.Key], [.. rule.Select(p => byId[p.Implied])]),
            json => Views.Links(json, call));
    }

    private async Task List(Call call)
    {
        call.MustReadCloud("list_implied_roles");
        var (prior, implied) = await changes.Db.Read(
            async r => (await Find(r, call.Route("prior")), await RoleStore.Implied(r, call.Route("prior"))), call.Cancel);
        await call.Json(200, json =>
        {
            json.WriteStartObject();
            json.WritePropertyName("role_inference");
            WriteRule(json, call, prior, implied);
            Views.Links(json, call);
            json.WriteEndObject();
        });
    }

    private async Task Show(Call call)
    {
        var (prior, implied) = await Existing(call, "get_implied_role");
        await Answer(call, prior, implied, 200);
    }

    private async Task Check(Call call)
    {
        await Existing(call, "check_implied_role");
        await call.Empty(204);
    }

    private async Task Create(Call call)
    {
        call.MustBeAdmin("create_implied_role");
        var (prior, implied) = await changes.Make(
            call,
            new Act("imply", "role", $"{call.Route("prior")}/{call.Route("implied")}"),
            Scopes.Standing,
            async tx =>
            {
                var pair = (Prior: await Find(tx, call.Route("prior")), Implied: await Find(tx, call.Route("implied")));
                await Check(tx, pair.Prior, pair.Implied);
                await RoleStore.Imply(tx, pair.Prior.Id, pair.Implied.Id);
                return pair;
            });
        await Answer(call, prior, implied, 201);
    }

    private async Task Delete(Call call)
    {
        call.MustBeAdmin("delete_implied_role");
        var (prior, implied) = await Existing(call, "delete_implied_role");
        await changes.Make(call, new Act("unimply", "role", $"{prior.Id}/{implied.Id}"), Scopes.Standing, tx => RoleStore.Unimply(tx, prior.Id, implied.Id));
        await call.Empty(204);
    }

    // admin may not hide behind another role, and a circle would make two roles the same.
    private static async Task Check(Reader reader, RoleRow prior, RoleRow implied)
    {
        if (implied.DomainId.Length > 0 && prior.DomainId.Length == 0)
        {
            throw Fault.Forbidden($"A role of the cloud ({prior.Id}) cannot imply a domain's own role ({implied.Id}).");
        }

        if (implied is { Name: Core.Policy.Roles.Admin, DomainId.Length: 0 })
        {
            throw Fault.Forbidden($"The role {implied.Id} cannot be implied: it must be given by name.");
        }

        if ((await RoleGraph.Load(reader)).Closure([implied.Id]).Contains(prior.Id))
        {
            throw Fault.Forbidden($"The role {implied.Id} already implies {prior.Id}.");
        }
    }

    private async Task<(RoleRow Prior, RoleRow Implied)> Existing(Call call, string action)
    {
        call.MustReadCloud(action);
        return await changes.Db.Read(
            async r =>
            {
                var pair = (Prior: await Find(r, call.Route("prior")), Implied: await Find(r, call.Route("implied")));
                return await RoleStore.Implies(r, pair.Prior.Id, pair.Implied.Id) ? pair : throw Fault.NotFound($"{pair.Prior.Id} does not imply {pair.Implied.Id}.");
            },
            call.Cancel);
    }

    private static async Task<RoleRow> Find(Reader reader, string id) => await RoleStore.Find(reader, id) ?? throw Rules.Missing("role", id);

    private static Task Answer(Call call, RoleRow prior, RoleRow implied, int status) => call.Json(status, json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("role_inference");
        json.WritePropertyName("prior_role");
        RoleWire.Role.Write(json, prior, call);
        json.WritePropertyName("implies");
        RoleWire.Role.Write(json, implied, call);
        json.WriteEndObject();
        Views.Links(json, call);
        json.WriteEndObject();
    });

    private static void WriteRule(Utf8JsonWriter json, Call call, RoleRow prior, IReadOnlyList<RoleRow> implied)
    {
        json.WriteStartObject();
        json.WritePropertyName("prior_role");
        RoleWire.Role.Write(json, prior, call);
        json.WriteStartArray("implies");
        foreach (var role in implied)
        {
            RoleWire.Role.Write(json, role, call);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
