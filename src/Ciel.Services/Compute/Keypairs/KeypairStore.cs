using Ciel.Core.Errors;
using Ciel.Core.Quota;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>The SQL of keypairs.</summary>
internal static class KeypairStore
{
    // Counted per user, limited by the project's key_pairs: so Nova has it.
    private const string PerUser = "compute.key_pairs_of_user";

    public static Task<Keypair?> Find(Reader reader, string userId, string name) =>
        reader.First<Keypair>("SELECT * FROM compute_keypair WHERE user_id = @userId AND name = @name", new { userId, name });

    public static async Task<List<Keypair>> List(Reader reader, string userId, Page page)
    {
        if (page.Marker is { } marker && await Find(reader, userId, marker) is null)
        {
            throw Fault.BadRequest($"marker [{marker}] not found");
        }

        return await reader.Query<Keypair>(
            "SELECT * FROM compute_keypair WHERE user_id = @userId AND name > @after ORDER BY name LIMIT @limit",
            new { userId, after = page.Marker ?? "", limit = page.Limit });
    }

    public static async Task Insert(Tx tx, Keypair key, string projectId)
    {
        var limit = (await QuotaBook.Line(tx, projectId, ComputeQuotas.KeyPairs, ComputeQuotas.Defaults[ComputeQuotas.KeyPairs])).Hard;
        if (await QuotaBook.Take(tx, Owner(key.UserId), PerUser, 1, limit) is not null)
        {
            throw Fault.Forbidden("Quota exceeded, too many key pairs.", "OverQuota");
        }

        var made = await tx.Execute(
            """
            INSERT INTO compute_keypair (id, user_id, name, type, public_key, fingerprint, created_at)
            VALUES (@Id, @UserId, @Name, @Type, @PublicKey, @Fingerprint, @CreatedAt) ON CONFLICT DO NOTHING
            """,
            key);
        if (made == 0)
        {
            throw Fault.Conflict($"Key pair '{key.Name}' already exists.");
        }
    }

    public static async Task Delete(Tx tx, string userId, string name)
    {
        if (await tx.Execute("DELETE FROM compute_keypair WHERE user_id = @userId AND name = @name", new { userId, name }) == 0)
        {
            throw NotFound(userId, name);
        }

        await QuotaBook.Return(tx, Owner(userId), PerUser, 1);
    }

    public static Fault NotFound(string userId, string name) => Fault.NotFound($"Keypair {name} not found for user {userId}");

    private static string Owner(string userId) => "user:" + userId;
}
