using Ciel.Core.Store;

namespace Ciel.Services.Images.Metadefs;

/// <summary>Tables of metadata definitions: a namespace and the things in it. What a thing says besides its name is JSON as it came.</summary>
internal static class MetadefSchema
{
    public static Migration First { get; } = new("image", 2,
    [
        """
        CREATE TABLE image_metadef_namespace (
            namespace text NOT NULL PRIMARY KEY,
            display_name text,
            description text,
            visibility text NOT NULL,
            protected bigint NOT NULL,
            owner text NOT NULL,
            created_at bigint NOT NULL,
            updated_at bigint NOT NULL)
        """,
        """
        CREATE TABLE image_metadef_item (
            namespace text NOT NULL,
            kind text NOT NULL,
            name text NOT NULL,
            body text NOT NULL,
            created_at bigint NOT NULL,
            updated_at bigint NOT NULL,
            PRIMARY KEY (namespace, kind, name))
        """,
    ]);
}
