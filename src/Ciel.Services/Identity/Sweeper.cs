using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Ciel.Core.Trust;

namespace Ciel.Services.Identity;

/// <summary>Once a day removes what has run out: revocations of expired tokens, token keys whose last token has expired.</summary>
internal sealed class Sweeper(TokenSealer sealer) : OneStepKeeper(Sweeper.Id, Sweeper.Sweep)
{
    private const string Id = "identity-sweeper";
    private const string Sweep = "sweep";

    /// <summary>Begins the keeper where there is none.</summary>
    public static Task Begin(Tx tx, KeeperBook keepers) => keepers.BeginOnce(tx, Id, Id, Sweep);

    protected override async Task<Next> Run(Turn turn)
    {
        await sealer.ForgetOldKeys(turn.Cancel);
        return Next.Nap(TimeSpan.FromDays(1), tx => tx.Execute("DELETE FROM identity_revocation WHERE expires_at < @now", new { now = turn.Now }));
    }
}
