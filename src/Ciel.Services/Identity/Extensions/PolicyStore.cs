using Ciel.Core.Store;

namespace Ciel.Services.Identity.Extensions;

/// <summary>A row of identity_policy: a text that some other service reads. Ciel's own rules are not among them.</summary>
internal sealed record PolicyRow
{
    public required string Id { get; init; }

    public required string Type { get; init; }

    /// <summary>JSON text: Keystone takes a string or an object.</summary>
    public required string Blob { get; init; }

    public string Extra { get; init; } = "{}";
}

/// <summary>The SQL of policies.</summary>
internal static class PolicyStore
{
    public static Task<PolicyRow?> Find(Reader reader, string id) => reader.First<PolicyRow>("SELECT * FROM identity_policy WHERE id = @id", new { id });

    public static Task Insert(Tx tx, PolicyRow row) =>
        tx.Execute("INSERT INTO identity_policy (id, type, blob, extra) VALUES (@Id, @Type, @Blob, @Extra)", row);

    public static Task Update(Tx tx, PolicyRow row) =>
        tx.Execute("UPDATE identity_policy SET type = @Type, blob = @Blob, extra = @Extra WHERE id = @Id", row);

    public static Task Delete(Tx tx, string id) => tx.Execute("DELETE FROM identity_policy WHERE id = @id", new { id });
}
