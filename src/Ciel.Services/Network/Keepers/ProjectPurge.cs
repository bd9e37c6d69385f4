using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Ciel.Services.Identity;

namespace Ciel.Services.Network;

/// <summary>
/// Clears away what a deleted project leaves, some of it per step. Ports that machines hold go with the machines, and what needs them waits.
/// </summary>
internal sealed class ProjectPurge(KeeperBook keepers, PurgeSteps steps) : Keeper, IProjectGone
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    public override string Kind => KeeperSteps.Purge;

    public override IReadOnlyDictionary<string, Func<Turn, Task<Next>>> Steps =>
        new Dictionary<string, Func<Turn, Task<Next>>> { [KeeperSteps.Keep] = Purge };

    public override bool ForEver(string step) => true;

    public override Task<Next> Failed(Turn turn, string fault) => Task.FromResult(Next.Nap(Soon));

    public async Task ProjectGone(Tx tx, string projectId)
    {
        if (await PurgeSteps.HasAny(tx, projectId))
        {
            await keepers.Begin(tx, Kind, Id(projectId), KeeperSteps.Keep);
        }
    }

    private static string Id(string projectId) => KeeperSteps.Purge + "/" + projectId;

    private async Task<Next> Purge(Turn turn)
    {
        var projectId = turn.Id[Id("").Length..];
        return await turn.Db.Read(r => PurgeSteps.HasAny(r, projectId), turn.Cancel)
            ? Next.Nap(Soon, tx => steps.Clear(tx, projectId))
            : Next.Gone();
    }
}
