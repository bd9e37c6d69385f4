using Ciel.Core.Store;

namespace Ciel.Services.Identity.Roles;

/// <summary>The SQL of roles and their implications.</summary>
internal static class RoleStore
{
    public static Task<RoleRow?> Find(Reader reader, string id) => reader.First<RoleRow>("SELECT * FROM identity_role WHERE id = @id", new { id });

    public static Task<RoleRow?> ByName(Reader reader, string domainId, string name) =>
        reader.First<RoleRow>("SELECT * FROM identity_role WHERE domain_id = @domainId AND name = @name", new { domainId, name });

    public static Task Insert(Tx tx, RoleRow row) => tx.Execute(
        """
        INSERT INTO identity_role (id, name, domain_id, description, options, extra)
        VALUES (@Id, @Name, @DomainId, @Description, @Options, @Extra)
        """,
        row);

    public static Task Update(Tx tx, RoleRow row) => tx.Execute(
        "UPDATE identity_role SET name = @Name, description = @Description, options = @Options, extra = @Extra WHERE id = @Id", row);

    public static async Task<bool> Imply(Tx tx, string priorId, string impliedId) => await tx.Execute(
        "INSERT INTO identity_implication (prior_id, implied_id) VALUES (@priorId, @impliedId) ON CONFLICT DO NOTHING", new { priorId, impliedId }) == 1;
}
