using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Core.Events;

/// <summary>Who changed what: one row in the transaction of each write.</summary>
public static class AuditLog
{
    /// <summary>The log's table.</summary>
    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new("audit", 1,
        [
            """
            CREATE TABLE audit_event (
                id text NOT NULL PRIMARY KEY,
                at bigint NOT NULL,
                request_id text NOT NULL,
                user_id text NOT NULL,
                project_id text,
                verb text NOT NULL,
                resource_type text NOT NULL,
                resource_id text NOT NULL,
                detail text)
            """,
            "CREATE INDEX audit_event_resource ON audit_event (resource_id)",
            "CREATE INDEX audit_event_at ON audit_event (at)",
        ]),
    ];

    /// <summary>Notes a change.</summary>
    /// <param name="tx">The transaction that makes it.</param>
    /// <param name="id">A new id.</param>
    /// <param name="actor">Who asked.</param>
    /// <param name="verb">Such as <c>create</c>.</param>
    /// <param name="resourceType">Such as <c>server</c>.</param>
    /// <param name="resourceId">Which one.</param>
    /// <param name="detail">What else a reader wants to know; never a secret.</param>
    public static Task Note(Tx tx, string id, Actor actor, string verb, string resourceType, string resourceId, string? detail = null) => tx.Execute(
        """
        INSERT INTO audit_event (id, at, request_id, user_id, project_id, verb, resource_type, resource_id, detail)
        VALUES (@id, @at, @requestId, @userId, @projectId, @verb, @resourceType, @resourceId, @detail)
        """,
        new { id, at = tx.Now, requestId = actor.RequestId, userId = actor.UserId, projectId = actor.ProjectId, verb, resourceType, resourceId, detail });
}
