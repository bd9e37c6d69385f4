using System.Globalization;
using System.Text.Json;
using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Events;
using Ciel.Core.Http;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>Server groups (Compute API reference, "Server groups").</summary>
internal sealed class GroupApi(Db db, Ids ids)
{
    private static readonly string[] OldPolicies = ["anti-affinity", "affinity"];
    private static readonly string[] Policies = ["anti-affinity", "affinity", "soft-anti-affinity", "soft-affinity"];

    public void Map(Routes routes)
    {
        routes.Get("/v2.1/os-server-groups", List);
        routes.Post("/v2.1/os-server-groups", Create);
        routes.Get("/v2.1/os-server-groups/{id}", Show);
        routes.Delete("/v2.1/os-server-groups/{id}", Delete);
    }

    private async Task List(Call call)
    {
        var all = call.Query("all_projects") is not null && call.Actor.IsAdmin;
        var page = Page.Of(call);
        var offset = int.TryParse(call.Query("offset") ?? "0", CultureInfo.InvariantCulture, out var number) && number >= 0
            ? number
            : throw Fault.BadRequest("Invalid input for query parameters offset.");
        var groups = await db.Read(
            async r =>
            {
                var found = new List<(ServerGroup Group, List<string> Members)>();
                foreach (var group in await GroupStore.List(r, all ? null : call.Actor.Project(), page.Limit, offset))
                {
                    found.Add((group, await GroupStore.Members(r, group.Id)));
                }

                return found;
            },
            call.Cancel);
        await call.Many("server_groups", groups, (json, found) => Write(json, found.Group, found.Members, call.Version));
    }

    private async Task Show(Call call)
    {
        var (group, members) = await db.Read(
            async r => (await GroupStore.Visible(r, call.Actor, call.Route("id")), await GroupStore.Members(r, call.Route("id"))), call.Cancel);
        await Answer(call, group, members);
    }

    private async Task Create(Call call)
    {
        call.Actor.Require(Roles.Member, "os_compute_api:os-server-groups:create");
        var group = Read(await call.Body(), call) with { CreatedAt = await db.Now(call.Cancel) };
        var note = ids.Uuid();
        await db.Write(
            async tx =>
            {
                await GroupStore.Insert(tx, group);
                await AuditLog.Note(tx, note, call.Actor, "create", "server_group", group.Id, group.Name);
            },
            call.Cancel);
        await Answer(call, group, []);
    }

    private async Task Delete(Call call)
    {
        var note = ids.Uuid();
        await db.Write(
            async tx =>
            {
                var group = await GroupStore.Visible(tx, call.Actor, call.Route("id"));
                call.Actor.Require(Roles.Member, "os_compute_api:os-server-groups:delete");
                await GroupStore.Delete(tx, group);
                await AuditLog.Note(tx, note, call.Actor, "delete", "server_group", group.Id, group.Name);
            },
            call.Cancel);
        await call.Empty(204);
    }

    private ServerGroup Read(Input body, Call call)
    {
        var input = body.Object("server_group");
        body.Done();
        var name = ServerFields.Name(input, required: true)!;
        var (policy, most) = call.Version >= 64 ? NewPolicy(input) : (OldPolicy(input, call.Version), null);
        input.Done();
        return new ServerGroup
        {
            Id = ids.Uuid(),
            ProjectId = call.Actor.Project(),
            UserId = call.Actor.UserId,
            Name = name,
            Policy = policy,
            MaxPerHost = most,
        };
    }

    private static string OldPolicy(Input input, int version)
    {
        var policies = input.OptionalStrings("policies") ?? throw input.Refuse("policies", "None", "'policies' is a required property");
        return policies.Count == 1 && (version >= 15 ? Policies : OldPolicies).Contains(policies[0])
            ? policies[0]
            : throw input.Refuse("policies", $"[{string.Join(", ", policies.Select(p => $"'{p}'"))}]", "exactly one known policy must be given");
    }

    private static (string Policy, int? Most) NewPolicy(Input input)
    {
        var policy = input.OptionalChoice("policy", Policies) ?? throw input.Refuse("policy", "None", "'policy' is a required property");
        var rules = input.OptionalObject("rules");
        var most = (int?)rules?.OptionalInteger("max_server_per_host", 1);
        rules?.Done();
        return most is null || policy == "anti-affinity"
            ? (policy, most)
            : throw Fault.BadRequest("Only anti-affinity policy supports rules.");
    }

    private static Task Answer(Call call, ServerGroup group, List<string> members) =>
        call.One("server_group", json => Write(json, group, members, call.Version));

    private static void Write(Utf8JsonWriter json, ServerGroup group, List<string> members, int version)
    {
        json.WriteStartObject();
        json.WriteString("id", group.Id);
        json.WriteString("name", group.Name);
        if (version >= 64)
        {
            json.WriteString("policy", group.Policy);
            json.WriteStartObject("rules");
            if (group.MaxPerHost is { } most)
            {
                json.WriteNumber("max_server_per_host", most);
            }

            json.WriteEndObject();
        }
        else
        {
            json.WriteStartArray("policies");
            json.WriteStringValue(group.Policy);
            json.WriteEndArray();
        }

        json.WriteStrings("members", members);
        if (version < 64)
        {
            json.WriteStartObject("metadata");
            json.WriteEndObject();
        }

        if (version >= 13)
        {
            json.WriteString("project_id", group.ProjectId);
            json.WriteString("user_id", group.UserId);
        }

        json.WriteEndObject();
    }
}
