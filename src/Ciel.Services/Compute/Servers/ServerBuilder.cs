using System.Text.Json;
using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Events;
using Ciel.Core.Keepers;
using Ciel.Core.Policy;
using Ciel.Core.Quota;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>Makes servers: rows, quota, ports and keepers in the one transaction that accepts them.</summary>
internal sealed class ServerBuilder(ServerParts parts, NicBuilder nics, HostBook hosts, KeeperBook keepers, Ids ids, ISecrets secrets, ComputeOptions options)
{
    /// <summary>Makes as many of the servers as were asked for, or as the quota gives, but not fewer than the least.</summary>
    /// <exception cref="Fault">400, 403 or 409 with what is wrong; then nothing is made.</exception>
    public async Task<IReadOnlyList<Server>> Create(Tx tx, Actor actor, NewServer wish)
    {
        var found = await parts.Find(tx, actor, wish);
        await CheckPlace(tx, wish);
        var count = await Count(tx, actor.Project(), wish, found.Shape);
        await ServerQuota.Take(tx, actor.Project(), ServerQuota.Of(found.Shape, count));
        await JoinGroup(tx, wish, count);
        var reservation = "r-" + Word(8);
        var made = new List<Server>();
        for (var index = 0; index < count; index++)
        {
            var server = Row(actor, wish, found, reservation, index, tx.Now);
            await ServerStore.Insert(tx, server);
            await nics.Add(tx, actor, server, wish);
            await keepers.Begin(tx, ServerKeeper.Name, server.Id, ServerKeeper.First, options.BuildLimit);
            await ActionStore.Begin(tx, ids.Uuid(), actor, server, "create");
            await AuditLog.Note(tx, ids.Uuid(), actor, "create", "server", server.Id, server.Name);
            made.Add(server);
        }

        return made;
    }

    /// <summary>A password or reservation in letters and digits that are not mistaken for each other.</summary>
    public string Word(int length)
    {
        const string letters = "23456789abcdefghijkmnopqrstuvwxyz";
        Span<byte> bytes = stackalloc byte[64];
        secrets.Fill(bytes[..length]);
        var word = new char[length];
        for (var i = 0; i < length; i++)
        {
            word[i] = letters[bytes[i] % letters.Length];
        }

        return new string(word);
    }

    private Server Row(Actor actor, NewServer wish, FoundParts found, string reservation, int index, long now)
    {
        var id = ids.Uuid();
        var name = wish.MaxCount > 1 ? $"{wish.Name}-{index + 1}" : wish.Name;
        return new Server
        {
            Id = id,
            ProjectId = actor.Project(),
            UserId = actor.UserId,
            Name = name,
            HostName = wish.HostName is null ? ServerFields.ToHostName(name, id) : wish.MaxCount > 1 ? $"{wish.HostName}-{index + 1}" : wish.HostName,
            Description = wish.Description,
            ImageId = found.Image.Id,
            BaseSha512 = found.Image.Sha512!,
            BaseSize = found.Image.Size ?? 0,
            BaseFormat = found.Image.DiskFormat!,
            FlavorId = found.Flavor.Id,
            FlavorCopy = JsonSerializer.Serialize(found.Shape, ComputeJson.Default.Shape),
            Vcpus = found.Shape.Vcpus,
            MemoryMib = found.Shape.MemoryMib,
            DiskGib = found.DiskGib,
            ExtraGib = found.Shape.ExtraGib,
            KeyName = found.Key?.Name,
            PublicKey = found.Key?.PublicKey,
            UserData = wish.UserData,
            Metadata = ComputeJson.Map(wish.Metadata),
            Tags = ComputeJson.List(wish.Tags),
            DiskConfig = wish.DiskConfig,
            Zone = wish.Zone,
            WantedHost = wish.WantedHost,
            Hints = JsonSerializer.Serialize(wish.Hints, ComputeJson.Default.Hints),
            GroupId = wish.GroupId,
            AccessIpV4 = wish.AccessIpV4,
            AccessIpV6 = wish.AccessIpV6,
            ReservationId = reservation,
            LaunchIndex = index,
            CreatedAt = now,
            UpdatedAt = now,
        };
    }

    private async Task CheckPlace(Tx tx, NewServer wish)
    {
        if (wish.Zone.Length > 0 && (await hosts.All(tx)).All(h => h.Zone != wish.Zone))
        {
            throw Fault.BadRequest("The requested availability zone is not available");
        }
    }

    private static async Task<int> Count(Tx tx, string projectId, NewServer wish, Shape shape)
    {
        var most = (long)wish.MaxCount;
        foreach (var (resource, each) in ServerQuota.Of(shape, 1).Parts)
        {
            var line = await QuotaBook.Line(tx, projectId, resource, ComputeQuotas.Defaults[resource]);
            most = line.Hard < 0 ? most : Math.Min(most, Math.Max(0, line.Hard - line.Used) / each);
        }

        return (int)Math.Max(most, wish.MinCount);
    }

    private static async Task JoinGroup(Tx tx, NewServer wish, int count)
    {
        if (wish.GroupId is not { } id)
        {
            return;
        }

        var group = await tx.First<ServerGroup>($"SELECT * FROM compute_server_group WHERE id = @id {tx.Dialect.ForUpdate}", new { id });
        var limit = (await QuotaBook.Line(tx, group!.ProjectId, ComputeQuotas.ServerGroupMembers, ComputeQuotas.Defaults[ComputeQuotas.ServerGroupMembers])).Hard;
        if (limit >= 0 && (await GroupStore.Members(tx, id)).Count + count > limit)
        {
            throw Fault.Forbidden("Quota exceeded, too many servers in group", "OverQuota");
        }
    }
}
