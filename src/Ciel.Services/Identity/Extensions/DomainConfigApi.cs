using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;
using Ciel.Services.Identity.Projects;

namespace Ciel.Services.Identity.Extensions;

/// <summary>Routes under /v3/domains/{id}/config and /v3/domains/config: all of it, one section, one option.</summary>
internal sealed class DomainConfigApi(Changes changes) : IIdentityApi
{
    private const string All = "/v3/domains/{id}/config";
    private static readonly string[] Paths = [All, All + "/{section}", All + "/{section}/{name}"];

    public void Map(Routes routes)
    {
        routes.Look("/v3/domains/config/default", Default);
        routes.Look("/v3/domains/config/{section}/default", Default);
        routes.Look("/v3/domains/config/{section}/{name}/default", Default);
        routes.Put(All, Replace);
        foreach (var path in Paths)
        {
            routes.Look(path, Show);
            routes.Patch(path, Update);
            routes.Delete(path, Delete);
        }
    }

    private static async Task Default(Call call)
    {
        call.MustReadCloud("get_domain_config_default");
        var (section, name) = Part(call);
        if (section is not null)
        {
            DomainOptions.Check(section, name, what => Fault.Forbidden($"Reading the default for {what} is not supported."));
        }

        var options = DomainOptions.Defaults.SelectMany(s => s.Value, (s, o) => new DomainOption(s.Key, o.Key, o.Value));
        await Answer(call, [.. options.Where(o => Within(o, section, name))], 200);
    }

    private async Task Show(Call call)
    {
        call.MustReadCloud("get_domain_config");
        var (section, name) = Part(call);
        var options = await changes.Db.Read(r => Find(call, r), call.Cancel);
        await Answer(call, [.. options.Where(o => Within(o, section, name))], 200);
    }

    private async Task Replace(Call call)
    {
        call.MustBeAdmin("create_domain_config");
        var options = DomainOptions.Read(await call.Body(), null, null);
        var created = await changes.Make(call, Act.Update("domain_config", call.Route("id")), null, async tx =>
        {
            await MustExist(call, tx);
            var removed = await DomainOptionStore.Clear(tx, call.Route("id"));
            await Save(call, tx, options);
            return removed == 0;
        });
        await Answer(call, options, created ? 201 : 200);
    }

    private async Task Update(Call call)
    {
        call.MustBeAdmin("update_domain_config");
        var (section, name) = Part(call);
        var options = DomainOptions.Read(await call.Body(), section, name);
        var all = await changes.Make(call, Act.Update("domain_config", call.Route("id")), null, async tx =>
        {
            _ = await Find(call, tx);
            await Save(call, tx, options);
            return await DomainOptionStore.Of(tx, call.Route("id"));
        });
        await Answer(call, all, 200, whole: true);
    }

    private async Task Delete(Call call)
    {
        call.MustBeAdmin("delete_domain_config");
        var (section, name) = Part(call);
        await changes.Make(call, Act.Delete("domain_config", call.Route("id")), null, async tx =>
        {
            foreach (var option in (await Find(call, tx)).Where(o => Within(o, section, name)))
            {
                await DomainOptionStore.Delete(tx, call.Route("id"), option);
            }
        });
        await call.Empty(204);
    }

    // The options under the path; 404 where there are none.
    private static async Task<IReadOnlyList<DomainOption>> Find(Call call, Reader reader)
    {
        await MustExist(call, reader);
        var (section, name) = Part(call);
        var options = await DomainOptionStore.Of(reader, call.Route("id"));
        return options.Any(o => Within(o, section, name)) ? options : throw Fault.NotFound(
            $"Could not find {(name is not null ? $"option {name} in group {section}" : section is not null ? $"group {section}" : "any options")} in domain configuration for domain {call.Route("id")}.");
    }

    private static async Task MustExist(Call call, Reader reader) =>
        _ = await ProjectStore.Domain(reader, call.Route("id")) ?? throw Rules.Missing("domain", call.Route("id"));

    private static async Task Save(Call call, Tx tx, IReadOnlyList<DomainOption> options)
    {
        foreach (var option in options)
        {
            await DomainOptionStore.Save(tx, call.Route("id"), option);
        }
    }

    private static (string? Section, string? Name) Part(Call call) =>
        (call.Http.Request.RouteValues.GetValueOrDefault("section") as string, call.Http.Request.RouteValues.GetValueOrDefault("name") as string);

    private static bool Within(DomainOption option, string? section, string? name) =>
        (section is null || option.Section == section) && (name is null || option.Name == name);

    // One option stands alone; sections stand under their names. A PATCH answers with the whole.
    private static Task Answer(Call call, IReadOnlyList<DomainOption> options, int status, bool whole = false) => call.Json(status, json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("config");
        var alone = !whole && Part(call).Name is not null;
        foreach (var section in options.Where(DomainOptions.IsShown).GroupBy(o => o.Section))
        {
            if (!alone)
            {
                json.WriteStartObject(section.Key);
            }

            foreach (var option in section)
            {
                Extra.WriteRaw(json, option.Name, option.Value);
            }

            if (!alone)
            {
                json.WriteEndObject();
            }
        }

        json.WriteEndObject();
        json.WriteEndObject();
    });
}
