using Ciel.Core.Store;

namespace Ciel.Services.Identity.Projects;

/// <summary>The SQL of projects and domains.</summary>
internal static class ProjectStore
{
    public static Task<ProjectRow?> Find(Reader reader, string? id) =>
        reader.First<ProjectRow>("SELECT * FROM identity_project WHERE id = @id", new { id });

    public static Task<ProjectRow?> Domain(Reader reader, string? id) =>
        reader.First<ProjectRow>("SELECT * FROM identity_project WHERE id = @id AND is_domain = 1", new { id });

    public static Task<ProjectRow?> ByName(Reader reader, string domainId, string name) =>
        reader.First<ProjectRow>("SELECT * FROM identity_project WHERE domain_id = @domainId AND name = @name", new { domainId, name });

    public static Task<ProjectRow?> DomainByName(Reader reader, string name) => ByName(reader, "", name);

    public static Task Insert(Tx tx, ProjectRow row) => tx.Execute(
        """
        INSERT INTO identity_project (id, name, domain_id, parent_id, is_domain, description, enabled, options, extra, tokens_from, created_at)
        VALUES (@Id, @Name, @DomainId, @ParentId, @IsDomain, @Description, @Enabled, @Options, @Extra, @TokensFrom, @CreatedAt)
        """,
        row);

    public static Task Update(Tx tx, ProjectRow row) => tx.Execute(
        """
        UPDATE identity_project SET name = @Name, description = @Description, enabled = @Enabled, options = @Options, extra = @Extra,
            tokens_from = @TokensFrom
        WHERE id = @Id
        """,
        row);

    /// <summary>Suspends it or ends that; answers whether something has changed.</summary>
    public static async Task<bool> Suspend(Tx tx, string id, string? reason) => await tx.Execute(
        "UPDATE identity_project SET suspended = @reason WHERE id = @id AND COALESCE(suspended, '') <> COALESCE(@reason, '')", new { id, reason }) > 0;

    /// <summary>The domain's own id and its projects'.</summary>
    public static Task<List<string>> IdsOfDomain(Reader reader, string domainId) =>
        reader.Query<string>("SELECT id FROM identity_project WHERE domain_id = @domainId OR id = @domainId", new { domainId });
}
