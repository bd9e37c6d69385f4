using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Events;
using Ciel.Core.Http;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>
/// One collection of the API: list, show, create (one or many), update, delete. What the kinds of resources differ in, they fill in;
/// request bodies, visibility, If-Match, audit and answers are the same for all.
/// </summary>
internal abstract class ResourceApi<T>(Db db, Ids ids, View<T> view, Table table) : IPages
    where T : Resource
{
    protected Db Db => db;

    protected Ids Ids => ids;

    public View<T> View => view;

    public Table Table => table;

    /// <summary>The collection's path behind <c>/v2.0/</c>.</summary>
    public virtual string Path => view.Collection.Replace('_', '-');

    /// <summary>Whether tags may be put on it.</summary>
    public virtual bool Taggable => false;

    /// <summary>Whether it can be changed once it is made.</summary>
    protected virtual bool Updatable => true;

    /// <summary>The table with an alias, and what it is joined with.</summary>
    protected abstract string From { get; }

    /// <summary>The table's alias.</summary>
    protected abstract string Alias { get; }

    /// <summary>The columns to read; <c>@me</c> is the project that asks.</summary>
    protected virtual string Select => Alias + ".*";

    public virtual void Map(Routes routes)
    {
        var collection = "/v2.0/" + Path;
        routes.Get(collection, List);
        routes.Get(collection + "/{id}", Show);
        routes.Post(collection, CreateAny);
        routes.Delete(collection + "/{id}", DeleteOne);
        if (Updatable)
        {
            routes.Put(collection + "/{id}", UpdateOne);
        }
    }

    /// <summary>The row, if the actor may see it.</summary>
    public async Task<T?> Find(Reader reader, Actor actor, string id)
    {
        var query = new ListQuery(From, Alias + ".id", view.Columns) { Limit = 1 }.Where($"{Alias}.id = @id", ("id", Clean(id)));
        See(query, actor);
        var rows = await query.Page<T>(reader, Select);
        await Load(reader, rows);
        return rows.FirstOrDefault();
    }

    /// <summary>The row if the actor may change it, kept from everyone else until commit.</summary>
    /// <exception cref="Fault">404 for what is not there or not the actor's, 403 for one who may only look.</exception>
    public async Task<T> Hold(Tx tx, Actor actor, string id)
    {
        await table.Lock(tx, Clean(id));
        var row = await Find(tx, actor, id) ?? throw NotFound(id);
        if (!Owns(actor, row))
        {
            throw NotFound(id);
        }

        actor.Require(Roles.Member, $"rule:update_{view.Name}");
        return row;
    }

    public abstract Fault NotFound(string id);

    /// <summary>Narrows a query to what the actor may see.</summary>
    protected virtual void Visible(ListQuery query, Actor actor) => query.Where($"{Alias}.project_id = @me");

    protected virtual bool Owns(Actor actor, T row) => actor.IsAdmin || row.ProjectId == actor.ProjectId;

    /// <summary>Reads what else the view shows.</summary>
    protected virtual Task Load(Reader reader, List<T> rows) => Task.CompletedTask;

    /// <summary>Something to be there before a list is read (a project's default security group).</summary>
    protected virtual Task BeforeList(Actor actor, CancellationToken cancel) => Task.CompletedTask;

    /// <summary>Makes one and answers its id.</summary>
    protected abstract Task<string> Create(Tx tx, Actor actor, Input input);

    /// <summary>Changes one that is held.</summary>
    protected virtual Task Update(Tx tx, Actor actor, T row, Input input) => throw Fault.NotFound("The resource could not be found.");

    /// <summary>Deletes one that is held.</summary>
    protected abstract Task Delete(Tx tx, Actor actor, T row);

    /// <summary>Answers with one row.</summary>
    protected Task Answer(Call call, int status, T row) =>
        call.One(view.Name, json => view.Write(json, row, call.Actor, Listing.FieldsOf(call)), status);

    /// <summary>The project that is to own what the request makes.</summary>
    /// <exception cref="Fault">400 where it is another than the token's and the actor is no admin.</exception>
    protected static string OwnerOf(Actor actor, Input input)
    {
        var project = input.OptionalString("project_id") ?? input.OptionalString("tenant_id");
        _ = input.Raw("tenant_id");
        if (project is not null && project != actor.ProjectId && !actor.IsAdmin)
        {
            throw Fault.BadRequest("Specifying 'project_id' or 'tenant_id' other than the authenticated project in request requires admin privileges");
        }

        return project ?? actor.Project();
    }

    public async Task<IReadOnlyList<JsonElement>> List(Actor actor, IReadOnlyDictionary<string, string> filters, CancellationToken cancel)
    {
        await BeforeList(actor, cancel);
        var rows = await db.Read(
            async reader =>
            {
                var query = new ListQuery(From, Alias + ".id", view.Columns);
                See(query, actor);
                foreach (var (name, value) in filters)
                {
                    query.Filter(name, [value]);
                }

                var page = await query.Page<T>(reader, Select);
                await Load(reader, page);
                return page;
            },
            cancel);
        return [.. rows.Select(r => Page(actor, r))];
    }

    public async Task<JsonElement> Create(Tx tx, Actor actor, JsonElement attributes)
    {
        actor.Require(Roles.Member, $"rule:create_{view.Name}");
        return await PageOf(tx, actor, await Create(tx, actor, new Input(attributes, "", NetworkDoor.Door)));
    }

    public async Task<JsonElement> Update(Tx tx, Actor actor, string id, JsonElement attributes)
    {
        await Update(tx, actor, await Hold(tx, actor, id), new Input(attributes, "", NetworkDoor.Door));
        return await PageOf(tx, actor, id);
    }

    public async Task Delete(Tx tx, Actor actor, string id) => await Delete(tx, actor, await Hold(tx, actor, id));

    private async Task<JsonElement> PageOf(Reader reader, Actor actor, string id) => Page(actor, await Find(reader, actor, id) ?? throw NotFound(id));

    private JsonElement Page(Actor actor, T row)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            view.Write(json, row, actor, []);
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }

    private async Task List(Call call)
    {
        await BeforeList(call.Actor, call.Cancel);
        var listing = new Listing(call);
        var rows = await db.Read(
            async reader =>
            {
                var query = new ListQuery(From, Alias + ".id", view.Columns);
                See(query, call.Actor);
                listing.Apply(query, view, reader.Dialect);
                var page = await query.Page<T>(reader, Select);
                await Load(reader, page);
                return page;
            },
            call.Cancel);
        await call.Many(
            view.Collection,
            rows,
            (json, row) => view.Write(json, row, call.Actor, listing.Fields),
            json => listing.WriteLinks(json, view.Collection, [.. rows.Select(r => r.Id)]));
    }

    private async Task Show(Call call)
    {
        var id = call.Route("id");
        var row = await db.Read(r => Find(r, call.Actor, id), call.Cancel) ?? throw NotFound(id);
        await Answer(call, 200, row);
    }

    private async Task CreateAny(Call call)
    {
        var body = await call.Body();
        call.Actor.Require(Roles.Member, $"rule:create_{view.Name}");
        var many = !body.Has(view.Name) && body.Has(view.Collection);
        var inputs = many ? body.OptionalObjects(view.Collection) ?? [] : [body.OptionalObject(view.Name) ?? throw Missing()];
        if (inputs.Count is 0 or > 200)
        {
            throw Fault.BadRequest(inputs.Count == 0 ? "Resources required" : "At most 200 resources can be created by one request.");
        }

        var rows = await db.Write(tx => CreateAll(tx, call.Actor, inputs), call.Cancel);
        if (!many)
        {
            await Answer(call, 201, rows[0]);
            return;
        }

        await call.Many(view.Collection, rows, (json, row) => view.Write(json, row, call.Actor, []), status: 201);
    }

    private async Task<List<T>> CreateAll(Tx tx, Actor actor, IReadOnlyList<Input> inputs)
    {
        var rows = new List<T>();
        foreach (var input in inputs)
        {
            var id = await Create(tx, actor, input);
            await AuditLog.Note(tx, ids.Uuid(), actor, "create", view.Name, id);
            rows.Add(await Find(tx, actor, id) ?? throw NotFound(id));
        }

        return rows;
    }

    private async Task UpdateOne(Call call)
    {
        var id = call.Route("id");
        var body = await call.Body();
        var input = body.OptionalObject(view.Name) ?? throw Missing();
        var row = await db.Write(
            async tx =>
            {
                var held = await Hold(tx, call.Actor, id);
                CheckIfMatch(call, held);
                await Update(tx, call.Actor, held, input);
                await AuditLog.Note(tx, ids.Uuid(), call.Actor, "update", view.Name, id);
                return await Find(tx, call.Actor, id) ?? throw NotFound(id);
            },
            call.Cancel);
        await Answer(call, 200, row);
    }

    private async Task DeleteOne(Call call)
    {
        var id = call.Route("id");
        await db.Write(
            async tx =>
            {
                var held = await Hold(tx, call.Actor, id);
                CheckIfMatch(call, held);
                await Delete(tx, call.Actor, held);
                await AuditLog.Note(tx, ids.Uuid(), call.Actor, "delete", view.Name, id);
            },
            call.Cancel);
        await call.Empty(204);
    }

    private void See(ListQuery query, Actor actor)
    {
        // No resource belongs to "-"; the service's own ports belong to the empty project.
        query.Args["me"] = actor.Has(Roles.Reader) ? actor.ProjectId ?? "-" : "-";
        if (!actor.IsAdmin)
        {
            Visible(query, actor);
        }
    }

    private static void CheckIfMatch(Call call, T row)
    {
        if (call.Http.Request.Headers.IfMatch is [{ } wanted, ..] && wanted != "*"
            && wanted != $"revision_number={row.Revision.ToString(CultureInfo.InvariantCulture)}")
        {
            throw new Fault(412, "RevisionNumberConstraintFailed", $"Constrained to {wanted}, but current revision is {row.Revision}");
        }
    }

    // What no id can hold is no id: the database would refuse the character.
    private static string Clean(string id) => id.Contains('\0', StringComparison.Ordinal) ? "" : id;

    private Fault Missing() => Fault.BadRequest($"Unable to find '{view.Name}' in request body");
}
