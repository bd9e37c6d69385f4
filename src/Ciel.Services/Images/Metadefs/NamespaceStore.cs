using Ciel.Core.Http;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Images.Metadefs;

/// <summary>The SQL of namespaces and their definitions.</summary>
internal static class NamespaceStore
{
    private const string Fields = "namespace AS name, display_name, description, visibility, protected, owner, created_at, updated_at";

    private static readonly Dictionary<string, Column> Columns = new()
    {
        ["namespace"] = new("namespace"),
        ["created_at"] = new("created_at", ColumnType.Number),
        ["updated_at"] = new("updated_at", ColumnType.Number),
    };

    public static Task<Namespace?> Find(Reader reader, string name) =>
        reader.First<Namespace>($"SELECT {Fields} FROM image_metadef_namespace WHERE namespace = @name", new { name });

    public static Task<List<Namespace>> Page(Reader reader, Actor actor, NamespaceQuery query)
    {
        var list = new ListQuery("image_metadef_namespace", "namespace", Columns) { Limit = query.Limit, Marker = query.Marker };
        if (!actor.IsAdmin)
        {
            list.Where("visibility = 'public' OR owner = @me", ("me", actor.ProjectId ?? ""));
        }

        if (query.Visibility is { } visibility)
        {
            list.Where("visibility = @visibility", ("visibility", visibility));
        }

        if (query.Owner is { } owner)
        {
            list.Where("owner = @owner", ("owner", owner));
        }

        if (query.ResourceTypes is { } types)
        {
            list.Where(
                "EXISTS (SELECT 1 FROM image_metadef_item i WHERE i.namespace = image_metadef_namespace.namespace AND i.kind = 'resource_types' AND i.name IN @types)",
                ("types", types));
        }

        return list.Sort(query.SortKey, query.Descending).Page<Namespace>(reader, Fields);
    }

    public static Task Insert(Tx tx, Namespace space) => tx.Execute(
        """
        INSERT INTO image_metadef_namespace (namespace, display_name, description, visibility, protected, owner, created_at, updated_at)
        VALUES (@Name, @DisplayName, @Description, @Visibility, @Protected, @Owner, @CreatedAt, @UpdatedAt)
        """,
        space);

    /// <summary>Writes a namespace, also its name.</summary>
    public static async Task Update(Tx tx, string name, Namespace space)
    {
        await tx.Execute(
            """
            UPDATE image_metadef_namespace SET namespace = @Name, display_name = @DisplayName, description = @Description, visibility = @Visibility,
                protected = @Protected, owner = @Owner, updated_at = @UpdatedAt
            WHERE namespace = @name_
            """,
            new { space.Name, space.DisplayName, space.Description, space.Visibility, space.Protected, space.Owner, space.UpdatedAt, name_ = name });
        await tx.Execute("UPDATE image_metadef_item SET namespace = @fresh WHERE namespace = @name", new { name, fresh = space.Name });
    }

    public static async Task Delete(Tx tx, string name)
    {
        await tx.Execute("DELETE FROM image_metadef_item WHERE namespace = @name", new { name });
        await tx.Execute("DELETE FROM image_metadef_namespace WHERE namespace = @name", new { name });
    }
}
