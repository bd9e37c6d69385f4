using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Ciel.Services.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Services.Network;

/// <summary>
/// Clears away what a deleted project leaves, or a suspended one whose resources are released, some of it per step. Ports that machines hold go with the machines, and what needs them waits.
/// </summary>
internal sealed class ProjectPurge(KeeperBook keepers, PurgeSteps steps, IServiceProvider parts) : OneStepKeeper(KeeperSteps.Purge, KeeperSteps.Keep), IProjectGone, IProjectReleased
{
    private const string OfReleased = """{"released":true}""";
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    public Task ProjectGone(Tx tx, string projectId) => Begin(tx, projectId, "{}");

    public Task Released(Tx tx, string projectId) => Begin(tx, projectId, OfReleased);

    private async Task Begin(Tx tx, string projectId, string frame)
    {
        if (await PurgeSteps.HasAny(tx, projectId))
        {
            await keepers.BeginOnce(tx, Kind, Id(projectId), KeeperSteps.Keep, frame);
        }
    }

    private static string Id(string projectId) => KeeperSteps.Purge + "/" + projectId;

    protected override async Task<Next> Run(Turn turn)
    {
        var projectId = turn.Id[Id("").Length..];
        return await turn.Db.Read(async r => await IsOver(r, turn.Row.Frame, projectId) && await PurgeSteps.HasAny(r, projectId), turn.Cancel)
            ? Next.Nap(Soon, tx => steps.Clear(tx, projectId))
            : Next.Gone();
    }

    // Whose suspension has ended meanwhile keeps what it still has. Identity tells this keeper of projects, so it is asked for late.
    private async Task<bool> IsOver(Reader reader, string frame, string projectId) =>
        frame != OfReleased || await parts.GetRequiredService<IIdentity>().Project(reader, projectId) is null or { Suspended: not null };
}
