using Ciel.Core;
using Ciel.Core.Blobs;
using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Ciel.Services.Identity;
using Ciel.Services.Images.Data;
using Ciel.Services.Images.Import;
using Ciel.Services.Images.Metadefs;
using Ciel.Services.Images.Schemas;
using Ciel.Services.Images.Sharing;
using Ciel.Services.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ciel.Services.Images;

/// <summary>Glance v2.</summary>
internal sealed class ImagesModule : IServiceModule
{
    public IReadOnlyList<Migration> Migrations => Schema.Migrations;

    public IReadOnlyList<BlobHolding> Blobs { get; } = [new("images", new ImageBlobs())];

    public void Register(IServiceCollection services)
    {
        services.AddSingleton(p => BlobStore.Open(
            p.GetRequiredService<BlobOptions>(), "images", p.GetRequiredService<Ids>(), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<BlobStore>>()));
        services.AddSingleton<ImageBook>().AddSingleton<Uploads>().AddSingleton<TicketSeal>().AddSingleton<ImageBlobs>().AddSingleton<ImageStart>().AddSingleton<Seeding>();
        services.AddSingleton<IBlobTickets, Tickets>();
        services.AddSingleton<IImages, ImageService>();
        services.AddSingleton<ImageBlobSweep>().AddSingleton<PurgeKeeper>();
        services.AddSingleton<Keeper>(p => p.GetRequiredService<ImageBlobSweep>());
        services.AddSingleton<Keeper>(p => p.GetRequiredService<PurgeKeeper>());
        services.AddSingleton<Keeper, UploadKeeper>();
        services.AddSingleton<IProjectGone, ProjectListener>();
        services.AddSingleton<MemberBook>().AddSingleton<Imports>().AddSingleton<NamespaceBook>().AddSingleton<ItemBook>();
        services.AddSingleton<ImagesApi>().AddSingleton<ImageDataApi>().AddSingleton<TagsApi>().AddSingleton<ActionsApi>();
        services.AddSingleton<MembersApi>().AddSingleton<ImportApi>().AddSingleton<NamespacesApi>().AddSingleton<ItemsApi>().AddSingleton<MetadefTagsApi>();
    }

    public void Map(IEndpointRouteBuilder app, RouteMaker routes)
    {
        var parts = app.ServiceProvider;
        var door = routes(ImageDoor.Door);
        VersionsApi.Map(door);
        SchemasApi.Map(door);
        parts.GetRequiredService<ImagesApi>().Map(door);
        parts.GetRequiredService<ImageDataApi>().Map(door);
        parts.GetRequiredService<TagsApi>().Map(door);
        parts.GetRequiredService<ActionsApi>().Map(door);
        parts.GetRequiredService<MembersApi>().Map(door);
        parts.GetRequiredService<ImportApi>().Map(door);
        parts.GetRequiredService<NamespacesApi>().Map(door);
        parts.GetRequiredService<ItemsApi>().Map(door);
        parts.GetRequiredService<MetadefTagsApi>().Map(door);
    }
}
