using System.Text.RegularExpressions;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>Free properties of flavors (Compute API reference, "Flavors extra-specs").</summary>
internal sealed partial class FlavorSpecsApi(Db db)
{
    public void Map(Routes routes)
    {
        routes.Get("/v2.1/flavors/{id}/os-extra_specs", List);
        routes.Post("/v2.1/flavors/{id}/os-extra_specs", Create);
        routes.Get("/v2.1/flavors/{id}/os-extra_specs/{key}", Show);
        routes.Put("/v2.1/flavors/{id}/os-extra_specs/{key}", Update);
        routes.Delete("/v2.1/flavors/{id}/os-extra_specs/{key}", Delete);
    }

    private async Task List(Call call)
    {
        var flavor = await db.Read(r => FlavorStore.Visible(r, call.Actor, call.Route("id")), call.Cancel);
        await Answer(call, flavor.Specs);
    }

    private async Task Show(Call call)
    {
        var key = call.Route("key");
        var flavor = await db.Read(r => FlavorStore.Visible(r, call.Actor, call.Route("id")), call.Cancel);
        if (!flavor.Specs.TryGetValue(key, out var value))
        {
            throw NoSpec(flavor.Id, key);
        }

        await AnswerOne(call, key, value);
    }

    private async Task Create(Call call)
    {
        call.Actor.RequireAdmin("os_compute_api:os-flavor-extra-specs:create");
        var body = await call.Body();
        var specs = Values(body.Object("extra_specs"));
        body.Done();
        await Change(call, all =>
        {
            foreach (var (key, value) in specs)
            {
                all[key] = value;
            }
        });
        await Answer(call, specs);
    }

    private async Task Update(Call call)
    {
        call.Actor.RequireAdmin("os_compute_api:os-flavor-extra-specs:update");
        var key = call.Route("key");
        var specs = Values(await call.Body());
        if (specs.Count != 1)
        {
            throw Fault.BadRequest("Invalid input for field/attribute extra_specs. Exactly one extra spec must be given.");
        }

        if (!specs.TryGetValue(key, out var value))
        {
            throw Fault.BadRequest("Request body and URI mismatch");
        }

        await Change(call, all => all[key] = value);
        await AnswerOne(call, key, value);
    }

    private async Task Delete(Call call)
    {
        call.Actor.RequireAdmin("os_compute_api:os-flavor-extra-specs:delete");
        var key = call.Route("key");
        await Change(call, all =>
        {
            if (!all.Remove(key))
            {
                throw NoSpec(call.Route("id"), key);
            }
        });
        await call.Empty(200);
    }

    private Task Change(Call call, Action<Dictionary<string, string>> change) => db.Write(
        async tx =>
        {
            var specs = (await FlavorStore.Lock(tx, call.Route("id"))).Specs;
            change(specs);
            await FlavorStore.SetSpecs(tx, call.Route("id"), specs);
        },
        call.Cancel);

    private static Dictionary<string, string> Values(Input input)
    {
        var values = new Dictionary<string, string>();
        foreach (var key in input.Names)
        {
            if (!Key().IsMatch(key))
            {
                throw Fault.BadRequest($"Invalid input for field/attribute extra_specs. '{key}' does not match any of the regexes: '^[a-zA-Z0-9-_:. ]{{1,255}}$'");
            }

            var raw = input.Raw(key)!.Value;
            values[key] = raw.ValueKind == System.Text.Json.JsonValueKind.Number ? raw.GetRawText() : input.String(key, 0);
        }

        return values;
    }

    private static Fault NoSpec(string id, string key) => Fault.NotFound($"Flavor {id} has no extra specs with key {key}.");

    private static Task Answer(Call call, Dictionary<string, string> specs) => call.Json(200, json =>
    {
        json.WriteStartObject();
        ComputeJson.Write(json, "extra_specs", specs);
        json.WriteEndObject();
    });

    private static Task AnswerOne(Call call, string key, string value) => call.Json(200, json =>
    {
        json.WriteStartObject();
        json.WriteString(key, value);
        json.WriteEndObject();
    });

    [GeneratedRegex(@"\A[a-zA-Z0-9_:. -]{1,255}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Key();
}
