using System.Text.Json;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>A server in a usage report. Instants are µs UTC.</summary>
internal sealed record UsageRow
{
    public required string Id { get; init; }

    public required string ProjectId { get; init; }

    public required string Name { get; init; }

    public required string VmState { get; init; }

    public required string FlavorCopy { get; init; }

    public long LaunchedAt { get; init; }

    public long? TerminatedAt { get; init; }

    public Shape Shape => JsonSerializer.Deserialize(FlavorCopy, ComputeJson.Default.Shape)!;
}

/// <summary>The stretch of time that a report is about.</summary>
internal sealed record UsagePeriod(long Start, long Stop, long Now);

/// <summary>The SQL of usage reports.</summary>
internal static class UsageStore
{
    /// <summary>Servers that were there at some instant of the period, by project and id.</summary>
    public static Task<List<UsageRow>> Between(Reader reader, string? projectId, long start, long stop) => reader.Query<UsageRow>(
        $"""
        SELECT id, project_id, name, vm_state, flavor_copy, launched_at, terminated_at FROM compute_server
        WHERE launched_at IS NOT NULL AND launched_at < @stop AND (terminated_at IS NULL OR terminated_at >= @start)
            {(projectId is null ? "" : "AND project_id = @projectId")}
        ORDER BY project_id, id
        """,
        new { start, stop, projectId = projectId ?? "" });
}
