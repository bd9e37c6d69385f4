using Ciel.Core.Store;
using Ciel.Services.Identity;

namespace Ciel.Tests.Billing.Crash;

/// <summary>Identity as billing sees it: every project exists, and which are suspended lies in the store, so that it outlives a process.</summary>
internal sealed class Standing : IIdentity
{
    public static Migration Table { get; } = new("standing", 1, ["CREATE TABLE standing (project_id text NOT NULL PRIMARY KEY, reason text NOT NULL)"]);

    public Task<ProjectInfo?> Project(Reader reader, string projectId) => Task.FromResult<ProjectInfo?>(new(projectId, projectId, "default", true));

    public async Task<IReadOnlyList<ProjectInfo>> Projects(Reader reader) =>
        [.. (await reader.Query<string>("SELECT project_id FROM standing ORDER BY project_id")).Select(p => new ProjectInfo(p, p, "default", true, "frozen"))];

    public Task SuspendProject(Tx tx, string projectId, string reason) => tx.Execute(
        "INSERT INTO standing (project_id, reason) VALUES (@projectId, @reason) ON CONFLICT (project_id) DO UPDATE SET reason = excluded.reason", new { projectId, reason });

    public Task ReleaseProject(Tx tx, string projectId) => Task.CompletedTask;

    public Task ResumeProject(Tx tx, string projectId) => tx.Execute("DELETE FROM standing WHERE project_id = @projectId", new { projectId });

    public Task Bootstrap(string adminPassword, CancellationToken cancel) => throw new NotSupportedException();

    public Task SetPassword(string userName, string password, CancellationToken cancel) => throw new NotSupportedException();
}
