using Ciel.Core.Errors;
using Ciel.Core.Store;
using Ciel.Core.Trust;

namespace Ciel.Services.Identity.Delegation;

/// <summary>Counts the uses of trusts that may be used only so often.</summary>
internal sealed class TrustUse(Db db, RevisionCache cache)
{
    /// <summary>Spends one use where they are counted.</summary>
    /// <exception cref="Fault">403 where none is left.</exception>
    public async Task Spend(string trustId)
    {
        if (await db.Read(r => TrustStore.Find(r, trustId)) is { RemainingUses: null })
        {
            return;
        }

        var spent = await db.Write(async tx =>
        {
            await cache.StandingChanged(tx);
            return await tx.Execute("UPDATE identity_trust SET remaining_uses = remaining_uses - 1 WHERE id = @trustId AND deleted_at IS NULL AND remaining_uses > 0", new { trustId });
        });
        if (spent == 0)
        {
            throw Fault.Forbidden();
        }
    }
}
