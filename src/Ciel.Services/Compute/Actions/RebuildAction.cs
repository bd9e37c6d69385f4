using System.Net.Sockets;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;
using Ciel.Services.Images;

namespace Ciel.Services.Compute;

/// <summary>A fresh disk from an image, under the same server with its addresses.</summary>
internal sealed class RebuildAction(Db db, ServerVerbs verbs, ServerParts parts, ServerViews views, ServerBuilder builder) : IServerActions
{
    public IReadOnlyDictionary<string, ServerActionHandler> Handlers => new Dictionary<string, ServerActionHandler> { ["rebuild"] = Rebuild };

    private async Task Rebuild(Call call, Input body, string id)
    {
        var input = body.Object("rebuild");
        body.Done();
        var wish = Read(input, call.Version);
        var view = await db.Write(
            async tx =>
            {
                var server = await ServerVerbs.Own(tx, call.Actor, id);
                var image = await parts.Image(tx, call.Actor, wish.ImageId);
                var shape = server.Shape;
                var disk = Math.Max(server.DiskGib, ServerParts.CheckFit(image, shape.MemoryMib, shape.DiskGib));
                var key = wish.KeyName is null ? null : await KeypairStore.Find(tx, server.UserId, wish.KeyName) ?? throw Fault.BadRequest("Invalid key_name provided.");
                await ServerParts.CheckMetadata(tx, server.ProjectId, wish.Metadata?.Count ?? 0);
                var rebuilt = await verbs.Begin(tx, call.Actor, id, "rebuild", s => Apply(s, wish, image, disk, key));
                return await views.Of(tx, rebuilt);
            },
            call.Cancel);
        call.Http.Response.Headers.Location = Links.Self(call, "servers", id);
        await call.Json(202, json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("server");
            ServerWire.WriteFields(json, view, call, ServerViewKind.Rebuild);
            json.WriteString("adminPass", wish.AdminPass ?? builder.Word(12));
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    private static RebuildWish Read(Input input, int version)
    {
        var wish = new RebuildWish
        {
            ImageId = ServerFields.Uuid(input, "imageRef", ServerFields.Ref(input, "imageRef")),
            Name = ServerFields.Name(input, required: false),
            AdminPass = input.OptionalString("adminPass"),
            Metadata = input.Has("metadata") ? ServerFields.Metadata(input, "metadata") : null,
            DiskConfig = input.OptionalChoice("OS-DCF:diskConfig", "AUTO", "MANUAL"),
            AccessIpV4 = ServerFields.Address(input, "accessIPv4", AddressFamily.InterNetwork),
            AccessIpV6 = ServerFields.Address(input, "accessIPv6", AddressFamily.InterNetworkV6),
            Described = version >= 19 && input.Has("description"),
            Description = version >= 19 ? ServerFields.Description(input) : null,
            Keyed = version >= 54 && input.Has("key_name"),
            KeyName = version >= 54 ? input.OptionalString("key_name", 1) : null,
            Fed = version >= 57 && input.Has("user_data"),
            UserData = version >= 57 ? ServerFields.UserData(input) : null,
            HostName = version >= 90 ? ServerFields.HostName(input) : null,
        };
        input.OptionalBoolean("preserve_ephemeral");
        if (version >= 93)
        {
            input.OptionalBoolean("reimage_boot_volume");
        }

        if (version < 57)
        {
            Personality.Refuse(input);
        }

        if (version >= 63 && input.OptionalStrings("trusted_image_certificates", 50) is { Count: > 0 })
        {
            throw Fault.BadRequest("Signed images are not checked here: leave trusted_image_certificates out.");
        }

        input.Done();
        return wish;
    }

    private static Server Apply(Server server, RebuildWish wish, ImageInfo image, int disk, Keypair? key) => server.Intends(TaskStates.Rebuilding) with
    {
        Boots = server.Boots + 1,
        Graceful = false,
        ImageId = image.Id,
        BaseSha512 = image.Sha512!,
        BaseSize = image.Size ?? 0,
        BaseFormat = image.DiskFormat!,
        DiskGib = disk,
        Name = wish.Name ?? server.Name,
        HostName = wish.HostName ?? (wish.Name is null ? server.HostName : ServerFields.ToHostName(wish.Name, server.Id)),
        Metadata = wish.Metadata is null ? server.Metadata : ComputeJson.Map(wish.Metadata),
        DiskConfig = wish.DiskConfig ?? server.DiskConfig,
        AccessIpV4 = wish.AccessIpV4 ?? server.AccessIpV4,
        AccessIpV6 = wish.AccessIpV6 ?? server.AccessIpV6,
        Description = wish.Described ? wish.Description : server.Description,
        KeyName = wish.Keyed ? key?.Name : server.KeyName,
        PublicKey = wish.Keyed ? key?.PublicKey : server.PublicKey,
        UserData = wish.Fed ? wish.UserData : server.UserData,
    };

    private sealed record RebuildWish
    {
        public required string ImageId { get; init; }

        public string? Name { get; init; }

        public string? AdminPass { get; init; }

        public IReadOnlyDictionary<string, string>? Metadata { get; init; }

        public string? DiskConfig { get; init; }

        public string? AccessIpV4 { get; init; }

        public string? AccessIpV6 { get; init; }

        public bool Described { get; init; }

        public string? Description { get; init; }

        public bool Keyed { get; init; }

        public string? KeyName { get; init; }

        public bool Fed { get; init; }

        public string? UserData { get; init; }

        public string? HostName { get; init; }
    }
}
