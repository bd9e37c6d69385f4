using Ciel.Core.Store;

namespace Ciel.Services.Identity.Extensions;

/// <summary>A row of identity_consumer: an OAuth 1.0a consumer. The secret is sealed.</summary>
internal sealed record ConsumerRow
{
    public required string Id { get; init; }

    public string? Description { get; init; }

    public required string Secret { get; init; }

    public string Extra { get; init; } = "{}";
}

/// <summary>The SQL of consumers.</summary>
internal static class ConsumerStore
{
    public static Task<ConsumerRow?> Find(Reader reader, string id) => reader.First<ConsumerRow>("SELECT * FROM identity_consumer WHERE id = @id", new { id });

    public static Task Insert(Tx tx, ConsumerRow row) =>
        tx.Execute("INSERT INTO identity_consumer (id, description, secret, extra) VALUES (@Id, @Description, @Secret, @Extra)", row);

    public static Task Update(Tx tx, ConsumerRow row) =>
        tx.Execute("UPDATE identity_consumer SET description = @Description, extra = @Extra WHERE id = @Id", row);

    public static Task Delete(Tx tx, string id) => tx.Execute("DELETE FROM identity_consumer WHERE id = @id", new { id });
}
