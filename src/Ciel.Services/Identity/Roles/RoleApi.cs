using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Services.Identity.Projects;

namespace Ciel.Services.Identity.Roles;

/// <summary>Routes under /v3/roles. A role that bears a domain is that domain's own and only stands for others.</summary>
internal sealed class RoleApi(Changes changes) : IIdentityApi
{
    private const string One = "/v3/roles/{id}";
    private static readonly IReadOnlyDictionary<string, Column> Columns = Filters.Columns("id", "name", "domain_id");

    public void Map(Routes routes)
    {
        routes.Look("/v3/roles", List);
        routes.Post("/v3/roles", Create);
        routes.Look(One, Show);
        routes.Patch(One, Update);
        routes.Delete(One, Delete);
    }

    private async Task List(Call call)
    {
        // Managers of a domain read the cloud's roles too, to hand them out.
        var domain = call.Query("domain_id");
        Rules.Must(domain is null ? call.Actor.ReadsDomain(call.Actor.DomainId) : call.Actor.ReadsDomain(domain), domain is null ? "list_roles" : "list_domain_roles");
        var (rows, limit) = await changes.Db.Read(
            async reader =>
            {
                var query = Filters.Of(call, reader, "identity_role", Columns);
                if (domain is null)
                {
                    query.Where("domain_id = ''");
                }

                return (await query.Page<RoleRow>(reader, "*"), query.Limit);
            },
            call.Cancel);
        await call.List(RoleWire.Role, rows, limit);
    }

    private async Task Create(Call call)
    {
        call.MustBeAdmin("create_role");
        var input = (await call.Body()).Object("role");
        var row = new RoleRow
        {
            Id = changes.Ids.Hex(),
            Name = input.Name(),
            DomainId = input.OptionalId("domain_id") ?? "",
            Description = input.Description(),
            Options = Extra.Options(input),
        };
        var made = row with { Extra = Extra.Of(input) };
        await changes.Make(
            call,
            Act.Create("role", row.Id),
            Scopes.Standing,
            async tx =>
            {
                if (row.DomainId.Length > 0 && await ProjectStore.Domain(tx, row.DomainId) is null)
                {
                    throw Rules.Missing("domain", row.DomainId);
                }

                await RoleStore.Insert(tx, made);
            },
            Taken(row));
        await call.Show(RoleWire.Role, made, 201);
    }

    private async Task Show(Call call)
    {
        var id = call.Route("id");
        var row = await changes.Db.Read(r => RoleStore.Find(r, id), call.Cancel);
        var home = row is { DomainId.Length: > 0 } ? row.DomainId : call.Actor.DomainId;
        call.MustReadDomain(home, "get_role");
        await call.Show(RoleWire.Role, row ?? throw Rules.Missing("role", id));
    }

    private async Task Update(Call call)
    {
        call.MustBeAdmin("update_role");
        var before = await Find(call);
        var input = (await call.Body()).Object("role");
        input.Unchanged("domain_id", before.DomainId.Length == 0 ? null : before.DomainId);
        var row = before with
        {
            Name = input.OptionalName() ?? before.Name,
            Description = input.Description(before.Description),
            Options = Extra.Options(input, before.Options),
        };
        if (IsImmutable(before) && IsImmutable(row))
        {
            throw Fault.Forbidden($"Unable to update immutable role resource: `{row.Id}. Set resource option 'immutable' to false first.");
        }

        var changed = row with { Extra = Extra.Of(input, before.Extra) };
        await changes.Make(call, Act.Update("role", row.Id), Scopes.Standing, tx => RoleStore.Update(tx, changed), Taken(row));
        await call.Show(RoleWire.Role, changed);
    }

    private async Task Delete(Call call)
    {
        call.MustBeAdmin("delete_role");
        var row = await Find(call);
        if (IsImmutable(row))
        {
            throw Fault.Forbidden($"Unable to delete immutable role resource: `{row.Id}. Set resource option 'immutable' to false first.");
        }

        await changes.Make(call, Act.Delete("role", row.Id), Scopes.Standing, tx => RoleStore.Delete(tx, row.Id));
        await call.Empty(204);
    }

    private async Task<RoleRow> Find(Call call) =>
        await changes.Db.Read(r => RoleStore.Find(r, call.Route("id")), call.Cancel) ?? throw Rules.Missing("role", call.Route("id"));

    private static bool IsImmutable(RoleRow row) => row.Options.Contains("\"immutable\":true", StringComparison.Ordinal);

    private static string Taken(RoleRow row) => $"Conflict occurred attempting to store role - Duplicate entry found with name {row.Name}.";
}
