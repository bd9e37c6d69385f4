using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Ciel.Services.Identity;

namespace Ciel.Services.Network;

/// <summary>
/// Clears away what a deleted project leaves, some of it per step. Ports that machines hold go with the machines, and what needs them waits.
/// </summary>
internal sealed class ProjectPurge(KeeperBook keepers, PurgeSteps steps) : OneStepKeeper(KeeperSteps.Purge, KeeperSteps.Keep), IProjectGone
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    public async Task ProjectGone(Tx tx, string projectId)
    {
        if (await PurgeSteps.HasAny(tx, projectId))
        {
            await keepers.Begin(tx, Kind, Id(projectId), KeeperSteps.Keep);
        }
    }

    private static string Id(string projectId) => KeeperSteps.Purge + "/" + projectId;

    protected override async Task<Next> Run(Turn turn)
    {
        var projectId = turn.Id[Id("").Length..];
        return await turn.Db.Read(r => PurgeSteps.HasAny(r, projectId), turn.Cancel)
            ? Next.Nap(Soon, tx => steps.Clear(tx, projectId))
            : Next.Gone();
    }
}
