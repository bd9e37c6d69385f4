using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Events;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Images.Metadefs;

/// <summary>Namespaces: everyone reads public ones, admins write.</summary>
internal sealed class NamespaceBook(Ids ids)
{
    /// <summary>The namespace if the actor may see it.</summary>
    public static async Task<Namespace> Visible(Reader reader, Actor actor, string name) =>
        await NamespaceStore.Find(reader, name) is { } space && space.Sees(actor) ? space : throw Namespace.Missing(name);

    /// <summary>As <see cref="Visible"/>, for an actor who may change it.</summary>
    public static async Task<Namespace> ForChange(Reader reader, Actor actor, string name)
    {
        var space = await Visible(reader, actor, name);
        actor.RequireAdmin("modify_metadef_namespace");
        return space;
    }

    public async Task<Namespace> Create(Tx tx, Actor actor, Namespace space, IReadOnlyList<Item> items)
    {
        if (await NamespaceStore.Find(tx, space.Name) is not null)
        {
            throw Taken(space.Name);
        }

        var made = space with { CreatedAt = tx.Now, UpdatedAt = tx.Now };
        await NamespaceStore.Insert(tx, made);
        foreach (var item in items)
        {
            await ItemStore.Insert(tx, item with { CreatedAt = tx.Now, UpdatedAt = tx.Now });
        }

        await Note(tx, actor, "create", space.Name);
        return made;
    }

    public async Task<Namespace> Update(Tx tx, Actor actor, string name, Namespace changed)
    {
        var space = await ForChange(tx, actor, name);
        if (changed.Name != name && await NamespaceStore.Find(tx, changed.Name) is not null)
        {
            throw Taken(changed.Name);
        }

        var kept = changed with { CreatedAt = space.CreatedAt, UpdatedAt = tx.Now };
        await NamespaceStore.Update(tx, name, kept);
        await Note(tx, actor, "update", name);
        return kept;
    }

    public async Task Delete(Tx tx, Actor actor, string name)
    {
        (await ForChange(tx, actor, name)).RequireUnprotected();
        await NamespaceStore.Delete(tx, name);
        await Note(tx, actor, "delete", name);
    }

    private Task Note(Tx tx, Actor actor, string verb, string name) => AuditLog.Note(tx, ids.Hex(), actor, verb, "metadef_namespace", name);

    private static Fault Taken(string name) => Fault.Conflict($"A metadata definition namespace with name={name} already exists.");
}
