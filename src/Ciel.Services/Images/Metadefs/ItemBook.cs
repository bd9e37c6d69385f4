using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Events;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Images.Metadefs;

/// <summary>Definitions within a namespace.</summary>
internal sealed class ItemBook(Ids ids)
{
    public static async Task<IReadOnlyList<Item>> List(Reader reader, Actor actor, string space, string kind)
    {
        await NamespaceBook.Visible(reader, actor, space);
        return await ItemStore.Of(reader, space, kind);
    }

    public static async Task<Item> Show(Reader reader, Actor actor, string space, string kind, string name)
    {
        await NamespaceBook.Visible(reader, actor, space);
        return await ItemStore.Find(reader, space, kind, name) ?? throw Item.Missing(space, kind, name);
    }

    public async Task<Item> Create(Tx tx, Actor actor, Item item)
    {
        await NamespaceBook.ForChange(tx, actor, item.Namespace);
        await RequireFree(tx, item);
        var made = item with { CreatedAt = tx.Now, UpdatedAt = tx.Now };
        await ItemStore.Insert(tx, made);
        await Note(tx, actor, "create", item);
        return made;
    }

    public async Task<Item> Update(Tx tx, Actor actor, string name, Item changed)
    {
        await NamespaceBook.ForChange(tx, actor, changed.Namespace);
        var old = await ItemStore.Find(tx, changed.Namespace, changed.Kind, name) ?? throw Item.Missing(changed.Namespace, changed.Kind, name);
        if (changed.Name != name)
        {
            await RequireFree(tx, changed);
        }

        var kept = changed with { CreatedAt = old.CreatedAt, UpdatedAt = tx.Now };
        await ItemStore.Update(tx, name, kept);
        await Note(tx, actor, "update", kept);
        return kept;
    }

    public async Task Delete(Tx tx, Actor actor, string space, string kind, string name)
    {
        (await NamespaceBook.ForChange(tx, actor, space)).RequireUnprotected();
        if (!await ItemStore.Delete(tx, space, kind, name))
        {
            throw Item.Missing(space, kind, name);
        }

        await AuditLog.Note(tx, ids.Hex(), actor, "delete", "metadef_" + kind, $"{space}/{name}");
    }

    public async Task DeleteAll(Tx tx, Actor actor, string space, string kind)
    {
        (await NamespaceBook.ForChange(tx, actor, space)).RequireUnprotected();
        await ItemStore.DeleteAll(tx, space, kind);
        await AuditLog.Note(tx, ids.Hex(), actor, "delete", "metadef_" + kind, space);
    }

    /// <summary>Puts these in the place of all of their kind, or beside them.</summary>
    public async Task<IReadOnlyList<Item>> CreateAll(Tx tx, Actor actor, string space, string kind, IReadOnlyList<Item> items, bool append)
    {
        await NamespaceBook.ForChange(tx, actor, space);
        if (!append)
        {
            await ItemStore.DeleteAll(tx, space, kind);
        }

        var made = new List<Item>();
        foreach (var item in items)
        {
            made.Add(await Create(tx, actor, item));
        }

        return made;
    }

    private static async Task RequireFree(Tx tx, Item item)
    {
        if (await ItemStore.Find(tx, item.Namespace, item.Kind, item.Name) is not null)
        {
            throw Fault.Conflict($"A metadata definition {item.Kind.TrimEnd('s')} with name={item.Name} already exists in namespace={item.Namespace}.");
        }
    }

    private Task Note(Tx tx, Actor actor, string verb, Item item) => AuditLog.Note(tx, ids.Hex(), actor, verb, "metadef_" + item.Kind, $"{item.Namespace}/{item.Name}");
}
