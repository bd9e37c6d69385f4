using Ciel.Core.Store;

namespace Ciel.Core.Ledger;

/// <summary>
/// Usage as spans: what ran, for whom, from when to when. A span opens in the transaction that shows the thing usable and closes
/// at the earliest proof that it stopped, never before it opened. Billing reads these and <see cref="UsageCounts"/>, nothing else.
/// </summary>
public static class UsageLedger
{
    /// <summary>The ledger's table.</summary>
    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new("ledger", 1,
        [
            """
            CREATE TABLE usage_span (
                id text NOT NULL PRIMARY KEY,
                meter text NOT NULL,
                resource_id text NOT NULL,
                project_id text NOT NULL,
                quantity bigint NOT NULL,
                unit text NOT NULL,
                attributes text NOT NULL,
                opened_at bigint NOT NULL,
                closed_at bigint)
            """,
            "CREATE UNIQUE INDEX usage_span_open ON usage_span (resource_id, meter) WHERE closed_at IS NULL",
            "CREATE INDEX usage_span_project ON usage_span (project_id, opened_at)",
        ]),
        new("ledger", 2,
        [
            """
            CREATE TABLE usage_count (
                project_id text NOT NULL,
                from_at bigint NOT NULL,
                to_at bigint NOT NULL,
                meter text NOT NULL,
                resource_id text NOT NULL,
                quantity bigint NOT NULL,
                unit text NOT NULL,
                PRIMARY KEY (project_id, from_at, meter, resource_id))
            """,
            // Which sheet of counts each source has added last, so that a crash adds none twice.
            "CREATE TABLE usage_fold (source text NOT NULL PRIMARY KEY, sequence bigint NOT NULL)",
        ]),
        new("ledger", 3,
        [
            // Billing reads a month out of years.
            "CREATE INDEX usage_span_closed ON usage_span (project_id, closed_at)",
        ]),
        new("ledger", 4,
        [
            // A project's spans lie all over the table, in order of time: here they lie side by side with all that billing reads of them.
            "DROP INDEX usage_span_closed",
            "CREATE INDEX usage_span_ran ON usage_span (project_id, closed_at, opened_at, meter, resource_id, quantity, unit, attributes)",
        ]),
    ];

    /// <summary>Opens a span now, unless one of this meter is open for the resource already: a step that runs twice opens once.</summary>
    /// <param name="tx">The transaction that shows the thing usable.</param>
    /// <param name="id">A new id.</param>
    /// <param name="meter">Such as <c>server.running</c>.</param>
    /// <param name="resourceId">What runs.</param>
    /// <param name="projectId">Who pays.</param>
    /// <param name="quantity">How much of the unit.</param>
    /// <param name="unit">Such as <c>server</c>, <c>GiB</c>, <c>address</c>.</param>
    /// <param name="attributes">What a price may depend on (flavor, vcpus …), JSON, at most 2,000 bytes: an index holds it.</param>
    /// <param name="at">Since when it is usable, where that is known later, µs UTC; null for now.</param>
    public static Task Open(Tx tx, string id, string meter, string resourceId, string projectId, long quantity, string unit, string attributes = "{}", long? at = null) => tx.Execute(
        """
        INSERT INTO usage_span (id, meter, resource_id, project_id, quantity, unit, attributes, opened_at, closed_at)
        SELECT @id, @meter, @resourceId, @projectId, @quantity, @unit, @attributes, @now, NULL
        WHERE NOT EXISTS (SELECT 1 FROM usage_span WHERE resource_id = @resourceId AND meter = @meter AND closed_at IS NULL)
        """,
        new { id, meter, resourceId, projectId, quantity, unit, attributes, now = at ?? tx.Now });

    /// <summary>Writes a span that is over already: what is measured by its integral, and so known only afterwards.</summary>
    /// <param name="tx">The transaction that remembers that this stretch is written.</param>
    /// <param name="span">The span, with its end.</param>
    public static Task Record(Tx tx, UsageSpan span) => tx.Execute(
        """
        INSERT INTO usage_span (id, meter, resource_id, project_id, quantity, unit, attributes, opened_at, closed_at)
        VALUES (@Id, @Meter, @ResourceId, @ProjectId, @Quantity, @Unit, @Attributes, @OpenedAt, @ClosedAt)
        """,
        span);

    /// <summary>The open span of a meter; null where none is.</summary>
    public static Task<UsageSpan?> Opened(Reader reader, string meter, string resourceId) => reader.First<UsageSpan>(
        "SELECT * FROM usage_span WHERE resource_id = @resourceId AND meter = @meter AND closed_at IS NULL", new { meter, resourceId });

    /// <summary>Closes the open span of this meter, if there is one.</summary>
    /// <param name="tx">The transaction that shows it stopped.</param>
    /// <param name="meter">The meter.</param>
    /// <param name="resourceId">What ran.</param>
    /// <param name="at">The earliest proof that it stopped, µs UTC; null for now.</param>
    public static Task Close(Tx tx, string meter, string resourceId, long? at = null) => tx.Execute(
        """
        UPDATE usage_span SET closed_at = CASE WHEN @at < opened_at OR @now < opened_at THEN opened_at WHEN @at > @now THEN @now ELSE @at END
        WHERE resource_id = @resourceId AND meter = @meter AND closed_at IS NULL
        """,
        new { meter, resourceId, at = at ?? tx.Now, now = tx.Now });
}
