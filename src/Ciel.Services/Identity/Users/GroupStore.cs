using Ciel.Core.Http;
using Ciel.Core.Store;
using Ciel.Services.Identity.Roles;

namespace Ciel.Services.Identity.Users;

/// <summary>The SQL of groups and memberships.</summary>
internal static class GroupStore
{
    private static readonly IReadOnlyDictionary<string, Column> Columns = Filters.Columns("id", "name", "domain_id");

    /// <summary>Groups by the call's parameters, perhaps only a user's.</summary>
    public static ListQuery Filtered(Call call, Reader reader, string? member = null)
    {
        var query = Filters.Of(call, reader, "identity_group", Columns);
        return member is null ? query : query.Where("id IN (SELECT group_id FROM identity_membership WHERE user_id = @member)", ("member", member));
    }

    public static Task<GroupRow?> Find(Reader reader, string id) => reader.First<GroupRow>("SELECT * FROM identity_group WHERE id = @id", new { id });

    public static Task Insert(Tx tx, GroupRow row) => tx.Execute(
        "INSERT INTO identity_group (id, name, domain_id, description, extra) VALUES (@Id, @Name, @DomainId, @Description, @Extra)", row);

    public static Task Update(Tx tx, GroupRow row) => tx.Execute(
        "UPDATE identity_group SET name = @Name, description = @Description, extra = @Extra WHERE id = @Id", row);

    public static async Task Delete(Tx tx, string id)
    {
        await AssignmentStore.Forget(tx, id);
        await tx.Execute("DELETE FROM identity_membership WHERE group_id = @id", new { id });
        await tx.Execute("DELETE FROM identity_group WHERE id = @id", new { id });
    }

    public static Task Join(Tx tx, string groupId, string userId) => tx.Execute(
        "INSERT INTO identity_membership (group_id, user_id) VALUES (@groupId, @userId) ON CONFLICT DO NOTHING", new { groupId, userId });

    public static async Task<bool> Leave(Tx tx, string groupId, string userId) =>
        await tx.Execute("DELETE FROM identity_membership WHERE group_id = @groupId AND user_id = @userId", new { groupId, userId }) == 1;

    public static async Task<bool> Has(Reader reader, string groupId, string userId) => await reader.Scalar<long>(
        "SELECT COUNT(*) FROM identity_membership WHERE group_id = @groupId AND user_id = @userId", new { groupId, userId }) == 1;
}
