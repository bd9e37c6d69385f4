using Ciel.Core.Http;
using Ciel.Core.Store;
using Ciel.Services.Identity.Projects;
using Ciel.Services.Identity.Roles;

namespace Ciel.Services.Identity.Tokens;

/// <summary>Routes that say what the bearer may scope a token to.</summary>
internal sealed class AuthScopesApi(Db db) : IIdentityApi
{
    public void Map(Routes routes)
    {
        routes.Look("/v3/auth/projects", Projects);
        routes.Look("/v3/auth/domains", Domains);
        routes.Look("/v3/auth/system", System);
    }

    private async Task Projects(Call call) => await call.List(ProjectWire.Project, await Enabled(call, UserScopes.Projects));

    private async Task Domains(Call call) => await call.List(ProjectWire.Domain, await Enabled(call, UserScopes.Domains));

    private async Task System(Call call)
    {
        var has = await db.Read(r => UserScopes.System(r, call.Actor.UserId), call.Cancel);
        await call.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("system");
            if (has)
            {
                json.WriteStartObject();
                json.WriteBoolean("all", true);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            Views.Links(json, call);
            json.WriteEndObject();
        });
    }

    private Task<IReadOnlyList<TaggedProject>> Enabled(Call call, Func<Reader, string, Task<List<ProjectRow>>> find) => db.Read(
        async reader => await TagStore.WithTags(reader, [.. (await find(reader, call.Actor.UserId)).Where(p => p.Enabled)]), call.Cancel);
}
