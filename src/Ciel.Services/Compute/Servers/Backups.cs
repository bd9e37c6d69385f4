using Ciel.Core.Policy;
using Ciel.Core.Store;
using Ciel.Services.Images;

namespace Ciel.Services.Compute;

/// <summary>Rows of backups of one server: the newest of each type are kept.</summary>
internal sealed class Backups(IImages images)
{
    private const int MostLooked = 10_000;

    /// <summary>Deletes the oldest backups of the type beyond so many. Protected ones stay, and do not count.</summary>
    public async Task Rotate(Tx tx, Server server, string type, int kept)
    {
        var owner = new Actor
        {
            UserId = server.UserId,
            UserName = "",
            UserDomainId = "",
            ProjectId = server.ProjectId,
            RoleNames = new HashSet<string> { Roles.Member, Roles.Reader },
        };
        var row = (await images.List(tx, owner, MostLooked)).Where(i =>
            i.OwnerId == server.ProjectId && !i.Protected
            && i.Properties.GetValueOrDefault("instance_uuid") == server.Id
            && i.Properties.GetValueOrDefault("image_type") == "backup"
            && i.Properties.GetValueOrDefault("backup_type") == type);
        foreach (var old in row.Skip(kept))
        {
            await images.Delete(tx, owner, old.Id);
        }
    }
}
