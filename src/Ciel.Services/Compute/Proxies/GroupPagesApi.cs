using System.Text.Json;
using Ciel.Core.Errors;
using Ciel.Core.Http;

namespace Ciel.Services.Compute;

/// <summary>Security groups in Nova's words, until 2.35 (Compute API reference, "Security groups").</summary>
internal sealed class GroupPagesApi(Pages pages)
{
    public void Map(Routes routes)
    {
        routes.Get("/v2.1/os-security-groups", List);
        routes.Post("/v2.1/os-security-groups", Create);
        routes.Get("/v2.1/os-security-groups/{id}", Show);
        routes.Put("/v2.1/os-security-groups/{id}", Update);
        routes.Delete("/v2.1/os-security-groups/{id}", Delete);
        routes.Post("/v2.1/os-security-group-rules", AddRule);
        routes.Delete("/v2.1/os-security-group-rules/{id}", DeleteRule);
    }

    private async Task List(Call call)
    {
        call.Until(35);
        var every = call.Actor.IsAdmin && call.Query("all_tenants") is "1" or "true" or "True";
        var groups = every ? await pages.List(call, Pages.Groups) : await pages.List(call, Pages.Groups, ("project_id", call.Actor.Project()));
        var names = GroupPagesWire.Names(groups);
        var page = Page.Of(call);
        var offset = int.TryParse(call.Query("offset"), System.Globalization.CultureInfo.InvariantCulture, out var number) ? Math.Max(0, number) : 0;
        await call.Many("security_groups", groups.Skip(offset).Take(page.Limit), (json, group) => GroupPagesWire.Write(json, group, names));
    }

    private async Task Show(Call call)
    {
        call.Until(35);
        await Answer(call, await Find(call, call.Route("id")));
    }

    private async Task Create(Call call)
    {
        call.Until(35);
        var (name, description) = Read(await call.Body());
        await Answer(call, await pages.Create(call, Pages.Groups, new { name, description }));
    }

    private async Task Update(Call call)
    {
        call.Until(35);
        var (name, description) = Read(await call.Body());
        await Find(call, call.Route("id"));
        await Answer(call, await pages.Update(call, Pages.Groups, call.Route("id"), new { name, description }));
    }

    private async Task Delete(Call call)
    {
        call.Until(35);
        await Find(call, call.Route("id"));
        await pages.Delete(call, Pages.Groups, call.Route("id"));
        await call.Empty(202);
    }

    private async Task AddRule(Call call)
    {
        call.Until(35);
        var body = await call.Body();
        var input = body.Object("security_group_rule");
        body.Done();
        var rule = NewGroupRule.Read(input);
        await Find(call, rule.ParentId);
        if (rule.GroupId is not null)
        {
            await Find(call, rule.GroupId);
        }

        var made = await pages.Create(call, Pages.Rules, rule.Attributes());
        var names = rule.GroupId is null ? [] : GroupPagesWire.Names([await Find(call, rule.GroupId)]);
        await call.One("security_group_rule", json => GroupPagesWire.WriteRule(json, made, names));
    }

    private async Task DeleteRule(Call call)
    {
        call.Until(35);
        var id = call.Route("id");
        await pages.One(call, Pages.Rules, id, $"Security group rule {id} not found.");
        await pages.Delete(call, Pages.Rules, id);
        await call.Empty(202);
    }

    private Task<JsonElement> Find(Call call, string id) => pages.One(call, Pages.Groups, id, $"Security group {id} not found.");

    private static (string Name, string Description) Read(Input body)
    {
        var input = body.Object("security_group");
        body.Done();
        var name = input.String("name", 0);
        var description = input.OptionalString("description") ?? throw Fault.BadRequest("Security group description is missing or is no string.");
        input.Done();
        return name.Trim().Length > 0 ? (name, description) : throw Fault.BadRequest("Security group name should be greater than 1 characters.");
    }

    private async Task Answer(Call call, JsonElement group)
    {
        var names = GroupPagesWire.Names(await pages.List(call, Pages.Groups, ("project_id", group.GetProperty("tenant_id").GetString()!)));
        await call.One("security_group", json => GroupPagesWire.Write(json, group, names));
    }
}
