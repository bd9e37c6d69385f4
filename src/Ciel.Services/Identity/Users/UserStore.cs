using Ciel.Core.Store;

namespace Ciel.Services.Identity.Users;

/// <summary>The SQL of users.</summary>
internal static class UserStore
{
    public static Task<UserRow?> Find(Reader reader, string? id) => reader.First<UserRow>("SELECT * FROM identity_user WHERE id = @id", new { id });

    public static Task<UserRow?> ByName(Reader reader, string domainId, string name) =>
        reader.First<UserRow>("SELECT * FROM identity_user WHERE domain_id = @domainId AND name = @name", new { domainId, name });

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
}
