using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;
using Ciel.Services.Identity.Tokens;

namespace Ciel.Services.Identity.Delegation;

/// <summary>Routes under /v3/users/{user}/access_rules. Rules outlive the credentials that named them.</summary>
internal sealed class AccessRuleApi(Changes changes) : IIdentityApi
{
    private const string All = "/v3/users/{user}/access_rules";
    private static readonly IReadOnlyDictionary<string, Column> Columns = Filters.Columns("id", "service", "method", "path");

    public void Map(Routes routes)
    {
        routes.Look(All, List);
        routes.Look(All + "/{id}", Show);
        routes.Delete(All + "/{id}", Delete);
    }

    private async Task List(Call call)
    {
        Rules.Must(call.Actor.UserId == call.Route("user") || call.Actor.ReadsCloud(), "list_access_rules");
        var rows = await changes.Db.Read(
            reader => Filters.Of(call, reader, "identity_access_rule", Columns).Where("user_id = @owner", ("owner", call.Route("user"))).Page<AccessRule>(reader, "*"),
            call.Cancel);
        await call.List(View(call), rows);
    }

    private async Task Show(Call call)
    {
        Rules.Must(call.Actor.UserId == call.Route("user") || call.Actor.ReadsCloud(), "get_access_rule");
        await call.Show(View(call), await changes.Db.Read(r => Find(call, r), call.Cancel));
    }

    private async Task Delete(Call call)
    {
        Rules.Must(call.Actor.UserId == call.Route("user") || call.Actor.IsAdmin, "delete_access_rule");
        AppCredentialApi.RefuseDelegated(call);
        await changes.Make(
            call,
            Act.Delete("access_rule", call.Route("id")),
            null,
            async tx =>
            {
                var rule = await Find(call, tx);
                if (await AccessRuleStore.IsUsed(tx, rule.Id))
                {
                    throw Fault.Forbidden($"Could not delete the access rule {rule.Id}: an application credential still uses it. Delete that first.");
                }

                await AccessRuleStore.Delete(tx, rule.Id);
            });
        await call.Empty(204);
    }

    private static View<AccessRule> View(Call call) => new("access_rule", "access_rules", $"users/{call.Route("user")}/access_rules", r => r.Id, AccessRuleWire.Fields);

    private static async Task<AccessRule> Find(Call call, Reader reader) => await AccessRuleStore.Find(reader, call.Route("user"), call.Route("id")) ?? throw Rules.Missing("Access Rule", call.Route("id"));
}
