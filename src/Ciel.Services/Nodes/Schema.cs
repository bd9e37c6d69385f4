using Ciel.Core.Store;

namespace Ciel.Services.Nodes;

/// <summary>Tables of nodes: what each said of itself, and what it observes of each object.</summary>
internal static class Schema
{
    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new("node", 1,
        [
            """
            CREATE TABLE node_node (
                name text NOT NULL PRIMARY KEY,
                id text NOT NULL,
                facts text NOT NULL,
                seen_at bigint NOT NULL,
                created_at bigint NOT NULL)
            """,
            """
            CREATE TABLE node_object (
                node text NOT NULL,
                name text NOT NULL,
                generation bigint NOT NULL,
                state text NOT NULL,
                since_at bigint NOT NULL,
                error text,
                progress text,
                facts text NOT NULL,
                PRIMARY KEY (name, node))
            """,
        ]),
    ];
}
