using Ciel.Core.Http;
using Ciel.Services.Identity.Projects;
using Ciel.Services.Identity.Roles;

namespace Ciel.Services.Identity.Users;

/// <summary>Routes under /v3/groups.</summary>
internal sealed class GroupApi(Changes changes) : IIdentityApi
{
    private const string One = "/v3/groups/{id}";

    public void Map(Routes routes)
    {
        routes.Look("/v3/groups", List);
        routes.Post("/v3/groups", Create);
        routes.Look(One, Show);
        routes.Patch(One, Update);
        routes.Delete(One, Delete);
    }

    private async Task List(Call call)
    {
        var domain = call.Query("domain_id") ?? call.Actor.DomainId;
        call.MustReadDomain(domain, "list_groups");
        var (rows, limit) = await changes.Db.Read(
            async reader =>
            {
                var query = GroupStore.Filtered(call, reader);
                if (!call.Actor.ReadsCloud())
                {
                    query.Where("domain_id = @own", ("own", domain));
                }

                return (await query.Page<GroupRow>(reader, "*"), query.Limit);
            },
            call.Cancel);
        await call.List(GroupWire.Group, rows, limit);
    }

    private async Task Create(Call call)
    {
        var input = (await call.Body()).Object("group");
        var row = new GroupRow
        {
            Id = changes.Ids.Hex(),
            Name = input.Name(64),
            DomainId = input.OptionalId("domain_id") ?? call.Actor.DomainId ?? call.Actor.ProjectDomainId ?? Bootstrap.DefaultDomain,
            Description = input.Description() ?? "",
        };
        var made = row with { Extra = Extra.Of(input) };
        call.MustManageDomain(row.DomainId, "create_group");
        await changes.Make(
            call,
            Act.Create("group", row.Id),
            Scopes.Standing,
            async tx =>
            {
                if (await ProjectStore.Domain(tx, row.DomainId) is null)
                {
                    throw Rules.Missing("domain", row.DomainId);
                }

                await GroupStore.Insert(tx, made);
            },
            Taken(row));
        await call.Show(GroupWire.Group, made, 201);
    }

    private async Task Show(Call call)
    {
        var row = await Find(call);
        call.MustReadDomain(row?.DomainId, "get_group");
        await call.Show(GroupWire.Group, row ?? throw Rules.Missing("group", call.Route("id")));
    }

    private async Task Update(Call call)
    {
        var before = await Managed(call, "update_group");
        var input = (await call.Body()).Object("group");
        input.Unchanged("domain_id", before.DomainId);
        var row = before with
        {
            Name = input.OptionalName(64) ?? before.Name,
            Description = input.Description(before.Description) ?? "",
        };
        var changed = row with { Extra = Extra.Of(input, before.Extra) };
        await changes.Make(call, Act.Update("group", row.Id), Scopes.Standing, tx => GroupStore.Update(tx, changed), Taken(row));
        await call.Show(GroupWire.Group, changed);
    }

    private async Task Delete(Call call)
    {
        var row = await Managed(call, "delete_group");
        await changes.Make(
            call,
            Act.Delete("group", row.Id),
            Scopes.Standing,
            async tx =>
            {
                await Reach.MustCover(tx, call.Actor, row.Id, "delete_group");
                await GroupStore.Delete(tx, row.Id);
            });
        await call.Empty(204);
    }

    private async Task<GroupRow> Managed(Call call, string action)
    {
        var row = await Find(call);
        call.MustManageDomain(row?.DomainId, action);
        return row ?? throw Rules.Missing("group", call.Route("id"));
    }

    private Task<GroupRow?> Find(Call call) => changes.Db.Read(r => GroupStore.Find(r, call.Route("id")), call.Cancel);

    private static string Taken(GroupRow row) => $"Conflict occurred attempting to store group - Duplicate entry found with name {row.Name} at domain ID {row.DomainId}.";
}
