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

    public static async Task<bool> Unimply(Tx tx, string priorId, string impliedId) => await tx.Execute(
        "DELETE FROM identity_implication WHERE prior_id = @priorId AND implied_id = @impliedId", new { priorId, impliedId }) == 1;

    public static async Task<bool> Implies(Reader reader, string priorId, string impliedId) => await reader.Scalar<long>(
        "SELECT COUNT(*) FROM identity_implication WHERE prior_id = @priorId AND implied_id = @impliedId", new { priorId, impliedId }) == 1;

    public static Task<List<RoleRow>> Implied(Reader reader, string priorId) => reader.Query<RoleRow>(
        "SELECT r.* FROM identity_role r JOIN identity_implication i ON i.implied_id = r.id WHERE i.prior_id = @priorId ORDER BY r.id", new { priorId });

    /// <summary>Deletes a role everywhere. Delegations that named it end, since they would otherwise lend less than was agreed.</summary>
    public static async Task Delete(Tx tx, string id)
    {
        await AssignmentStore.Forget(tx, id);
        await tx.Execute("DELETE FROM identity_implication WHERE prior_id = @id OR implied_id = @id", new { id });
        await tx.Execute("DELETE FROM identity_role WHERE id = @id", new { id });
    }

    public static Task<List<RoleRow>> All(Reader reader) => reader.Query<RoleRow>("SELECT * FROM identity_role");

    public static Task<List<(string Prior, string Implied)>> Implications(Reader reader) =>
        reader.Query<(string Prior, string Implied)>("SELECT prior_id, implied_id FROM identity_implication ORDER BY prior_id, implied_id");
}
