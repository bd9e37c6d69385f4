using System.Text.Json;
using Ciel.Core.Http;
using Ciel.Core.Store;

namespace Ciel.Services.Identity.Users;

/// <summary>The SQL of users.</summary>
internal static class UserStore
{
    private static readonly IReadOnlyDictionary<string, Column> Columns = Filters.Columns("id", "name", "domain_id", "enabled");

    /// <summary>Users by the call's parameters, perhaps only a group's members.</summary>
    public static ListQuery Filtered(Call call, Reader reader, string? memberOf = null)
    {
        var query = Filters.Of(call, reader, "identity_user", Columns);
        return memberOf is null ? query : query.Where("id IN (SELECT user_id FROM identity_membership WHERE group_id = @memberOf)", ("memberOf", memberOf));
    }

    public static Task<UserRow?> Find(Reader reader, string? id) => reader.First<UserRow>("SELECT * FROM identity_user WHERE id = @id", new { id });

    public static Task<UserRow?> ByName(Reader reader, string domainId, string name) =>
        reader.First<UserRow>("SELECT * FROM identity_user WHERE domain_id = @domainId AND name = @name", new { domainId, name });

    /// <summary>The default project of the user with that <c>email</c>; null where there is none.</summary>
    public static async Task<string?> ProjectByEmail(Reader reader, string address)
    {
        var rows = await reader.Query<UserRow>($"SELECT * FROM identity_user WHERE default_project_id IS NOT NULL AND {reader.Dialect.Contains("extra", "@address")} ORDER BY id", new { address });
        return rows.Find(row => JsonDocument.Parse(row.Extra).RootElement.TryGetProperty("email", out var email) && email.ValueEquals(address))?.DefaultProjectId;
    }

    public static Task Insert(Tx tx, UserRow row) => tx.Execute(
        """
        INSERT INTO identity_user (id, name, domain_id, password_hash, enabled, default_project_id, options, extra, tokens_from, created_at)
        VALUES (@Id, @Name, @DomainId, @PasswordHash, @Enabled, @DefaultProjectId, @Options, @Extra, @TokensFrom, @CreatedAt)
        """,
        row);

    public static Task Update(Tx tx, UserRow row) => tx.Execute(
        """
        UPDATE identity_user SET name = @Name, password_hash = @PasswordHash, enabled = @Enabled, default_project_id = @DefaultProjectId,
            options = @Options, extra = @Extra, tokens_from = @TokensFrom
        WHERE id = @Id
        """,
        row);

    /// <summary>Sets a password where the old one is still the one that was checked.</summary>
    public static async Task<bool> SetPassword(Tx tx, string id, string? before, string hash) => await tx.Execute(
        "UPDATE identity_user SET password_hash = @hash, tokens_from = @now WHERE id = @id AND password_hash = @before",
        new { hash, now = tx.Now, id, before }) == 1;
}
