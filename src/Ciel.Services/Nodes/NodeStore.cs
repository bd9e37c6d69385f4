using System.Globalization;
using System.Text.Json;
using Ciel.Agent.Contract;
using Ciel.Core.Store;

namespace Ciel.Services.Nodes;

/// <summary>The SQL of nodes and their observations.</summary>
internal static class NodeStore
{
    public static Task SaveNode(Tx tx, string id, NodeFacts facts) => tx.Execute(
        """
        INSERT INTO node_node (name, id, facts, seen_at, created_at) VALUES (@Name, @id, @json, @now, @now)
        ON CONFLICT (name) DO UPDATE SET facts = excluded.facts, seen_at = excluded.seen_at
        """,
        new { facts.Name, id, json = JsonSerializer.Serialize(facts, Wire.Default.NodeFacts), now = tx.Now });

    public static Task<List<NodeRow>> Nodes(Reader reader) =>
        reader.Query<NodeRow>("SELECT name, id, facts, seen_at, created_at FROM node_node ORDER BY name");

    public static async Task<Report?> Observed(Reader reader, string node, string name) =>
        (await reader.First<ObjectRow>("SELECT * FROM node_object WHERE name = @name AND node = @node", new { node, name }))?.ToReport();

    /// <summary>Keeps the newer of two observations: an answer may arrive after a report that was made later.</summary>
    public static Task Save(Tx tx, Report report, long sinceAt) => report.State == ObjectStates.Absent
        ? tx.Execute(
            "DELETE FROM node_object WHERE name = @Name AND node = @Node AND since_at <= @sinceAt",
            new { report.Name, report.Node, sinceAt })
        : tx.Execute(
            """
            INSERT INTO node_object (node, name, generation, state, since_at, error, progress, facts)
            VALUES (@Node, @Name, @Generation, @State, @sinceAt, @Error, @progress, @facts)
            ON CONFLICT (name, node) DO UPDATE SET generation = excluded.generation, state = excluded.state, since_at = excluded.since_at,
                error = excluded.error, progress = excluded.progress, facts = excluded.facts
            WHERE node_object.since_at <= excluded.since_at
            """,
            new
            {
                report.Node,
                report.Name,
                report.Generation,
                report.State,
                sinceAt,
                report.Error,
                progress = report.Progress?.ToString("R", CultureInfo.InvariantCulture),
                facts = JsonSerializer.Serialize(report.Facts ?? new Dictionary<string, string>(), Wire.Default.IReadOnlyDictionaryStringString),
            });
}

/// <summary>A row of node_node.</summary>
internal sealed record NodeRow
{
    public required string Name { get; init; }

    public required string Id { get; init; }

    public required string Facts { get; init; }

    public long SeenAt { get; init; }

    public long CreatedAt { get; init; }

    public NodeInfo ToInfo(bool up) => new(Id, JsonSerializer.Deserialize(Facts, Wire.Default.NodeFacts)!, up, SeenAt, CreatedAt);
}

/// <summary>A row of node_object.</summary>
internal sealed record ObjectRow
{
    public required string Node { get; init; }

    public required string Name { get; init; }

    public long Generation { get; init; }

    public required string State { get; init; }

    public long SinceAt { get; init; }

    public string? Error { get; init; }

    public string? Progress { get; init; }

    public required string Facts { get; init; }

    public Report ToReport() => new(
        Node,
        Name,
        Generation,
        State,
        SinceAt,
        Error,
        Progress is null ? null : double.Parse(Progress, CultureInfo.InvariantCulture),
        JsonSerializer.Deserialize(Facts, Wire.Default.IReadOnlyDictionaryStringString));
}
