using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>What was done to a server, by whom, and how it ended (Nova's instance actions, one event each).</summary>
internal sealed record ServerAction
{
    public required string Id { get; init; }

    public required string ServerId { get; init; }

    public required string RequestId { get; init; }

    /// <summary>Nova's word, such as <c>create</c> or <c>reboot</c>.</summary>
    public required string Verb { get; init; }

    /// <summary>Nova's name of the one event, such as <c>compute__do_build_and_run_instance</c>.</summary>
    public required string Event { get; init; }

    public required string UserId { get; init; }

    public required string ProjectId { get; init; }

    public string? Message { get; init; }

    /// <summary><c>Success</c> or <c>Error</c>; null while it goes on.</summary>
    public string? Result { get; init; }

    public string? Host { get; init; }

    public long StartedAt { get; init; }

    public long? FinishedAt { get; init; }

    public long UpdatedAt { get; init; }
}

/// <summary>The SQL of instance actions.</summary>
internal static class ActionStore
{
    public static Task Begin(Tx tx, string id, Actor actor, Server server, string verb) => tx.Execute(
        """
        INSERT INTO compute_action (id, server_id, request_id, verb, event, user_id, project_id, host, started_at, updated_at)
        VALUES (@id, @serverId, @RequestId, @verb, @name, @UserId, @projectId, @Node, @now, @now)
        """,
        new
        {
            id,
            serverId = server.Id,
            actor.RequestId,
            verb,
            name = EventName(verb),
            actor.UserId,
            projectId = actor.ProjectId ?? server.ProjectId,
            server.Node,
            now = tx.Now,
        });

    /// <summary>Ends what goes on: all but copies of the disk, or those only.</summary>
    public static Task Finish(Tx tx, string serverId, string? node, string? fault = null, bool copies = false) => tx.Execute(
        $"""
        UPDATE compute_action SET finished_at = @now, updated_at = @now, result = @result, message = @message, host = COALESCE(@node, host)
        WHERE server_id = @serverId AND finished_at IS NULL AND verb {(copies ? "" : "NOT")} IN ('createImage', 'createBackup')
        """,
        new { serverId, node, now = tx.Now, result = fault is null ? "Success" : "Error", message = fault is null ? null : "Error" });

    public static Task<List<ServerAction>> List(Reader reader, string serverId) =>
        reader.Query<ServerAction>("SELECT * FROM compute_action WHERE server_id = @serverId ORDER BY started_at DESC, id DESC", new { serverId });

    private static string EventName(string verb) => verb switch
    {
        "create" => "compute__do_build_and_run_instance",
        "delete" => "compute_terminate_instance",
        "createImage" => "compute_snapshot_instance",
        "rebuild" => "compute_rebuild_instance",
        "resize" => "cold_migrate",
        "attach_interface" => "compute_attach_interface",
        "detach_interface" => "compute_detach_interface",
        "confirmResize" => "compute_confirm_resize",
        "revertResize" => "compute_revert_resize",
        _ => $"compute_{verb}_instance",
    };
}
