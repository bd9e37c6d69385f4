using Ciel.Core;
using Ciel.Core.Blobs;
using Ciel.Core.Keepers;
using Ciel.Core.Ledger;
using Ciel.Core.Store;
using Ciel.Services.Identity;
using Ciel.Services.ObjectStorage.Access;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Encrypting;
using Ciel.Services.ObjectStorage.Iam;
using Ciel.Services.ObjectStorage.Keeping;
using Ciel.Services.ObjectStorage.Lifecycle;
using Ciel.Services.ObjectStorage.Listing;
using Ciel.Services.ObjectStorage.Locking;
using Ciel.Services.ObjectStorage.Logging;
using Ciel.Services.ObjectStorage.Metering;
using Ciel.Services.ObjectStorage.Multipart;
using Ciel.Services.ObjectStorage.Notifications;
using Ciel.Services.ObjectStorage.Objects;
using Ciel.Services.ObjectStorage.Posting;
using Ciel.Services.ObjectStorage.Query;
using Ciel.Services.ObjectStorage.Settings;
using Ciel.Services.ObjectStorage.Replication;
using Ciel.Services.ObjectStorage.Signing;
using Ciel.Services.ObjectStorage.Website;
using Ciel.Services.ObjectStorage.Sts;
using Ciel.Services.ObjectStorage.Swift;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ciel.Services.ObjectStorage;

/// <summary>S3, on a door of its own.</summary>
internal sealed class ObjectStorageModule : IServiceModule
{
    public IReadOnlyList<Migration> Migrations => Schema.Migrations;

    public IReadOnlyList<BlobHolding> Blobs { get; } = [new("objects", new ObjectBlobOwner())];

    public void Register(IServiceCollection services)
    {
        services.AddSingleton(p => new ObjectBlobs(BlobStore.Open(
            p.GetRequiredService<BlobOptions>(), "objects", p.GetRequiredService<Ids>(), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<BlobStore>>())));
        services.AddSingleton<ObjectBytes>().AddSingleton<Encryptions>().AddSingleton<BucketBook>().AddSingleton<VersionBook>().AddSingleton<UploadBook>();
        services.AddSingleton<ObjectLookup>().AddSingleton<CopySource>().AddSingleton<Accounts>().AddSingleton<AclHeaders>();
        services.AddSingleton<SigningKeys>().AddSingleton<Authentication>().AddSingleton<DoorNames>().AddSingleton<OperationTable>();
        services.AddSingleton<PutObjectApi>();
        services.AddSingleton<IObjectApi>(p => p.GetRequiredService<PutObjectApi>());
        services.AddSingleton<IObjectApi, BucketApi>().AddSingleton<IObjectApi, ListObjectsApi>().AddSingleton<IObjectApi, ListVersionsApi>();
        services.AddSingleton<GetObjectApi>().AddSingleton<WebsiteDoor>().AddSingleton<IObjectApi>(p => p.GetRequiredService<GetObjectApi>()).AddSingleton<IObjectApi, DeleteObjectApi>().AddSingleton<IObjectApi, CopyObjectApi>();
        services.AddSingleton<IObjectApi, AttributesApi>().AddSingleton<IObjectApi, PostObjectApi>();
        services.AddSingleton<IObjectApi, ObjectAclApi>().AddSingleton<IObjectApi, ObjectTaggingApi>().AddSingleton<IObjectApi, LockApi>();
        services.AddSingleton<IObjectApi, UploadApi>().AddSingleton<IObjectApi, CompleteApi>().AddSingleton<IObjectApi, ListUploadsApi>();
        services.AddSingleton<IObjectApi, SettingApi>().AddSingleton<IObjectApi, VersioningApi>().AddSingleton<IObjectApi, PolicyApi>().AddSingleton<IObjectApi, OwnershipApi>();
        services.AddSingleton<IObjectApi, QueryDoor>();
        services.AddSingleton<IObjectApi, PaymentApi>().AddSingleton<IObjectApi, QuotaApi>().AddSingleton<IObjectApi, UsageApi>();
        services.AddSingleton<Signers>().AddSingleton<IamKeys>().AddSingleton<IamIds>().AddSingleton<IamBook>();
        services.AddSingleton<IQueryApi, UserApi>().AddSingleton<IQueryApi, KeyApi>().AddSingleton<IQueryApi, RoleApi>().AddSingleton<IQueryApi, GroupApi>();
        services.AddSingleton<IQueryApi, OwnPolicyApi>().AddSingleton<IQueryApi, ManagedPolicyApi>().AddSingleton<IQueryApi, ProviderApi>().AddSingleton<IQueryApi, SummaryApi>();
        services.AddSingleton<ProviderFetch>(p => ProviderKeys.By(p.GetRequiredService<Core.Http.Egress.Egress>()));
        services.AddSingleton<Sessions>().AddSingleton<WebIdentities>().AddSingleton<ProviderKeys>().AddSingleton<IQueryApi, StsApi>();
        AddNotifications(services);
        services.AddSingleton<SwiftDoor>().AddSingleton<AccountApi>().AddSingleton<ContainerApi>().AddSingleton<ObjectApi>().AddSingleton<Containers>().AddSingleton<SwiftObjects>();
        services.AddSingleton<LargeObjects>().AddSingleton<Copies>().AddSingleton<OldVersions>().AddSingleton<SwiftListing>().AddSingleton<StaticWeb>().AddSingleton<BulkApi>();
        services.AddSingleton<FormPosts>().AddSingleton<TempUrls>().AddSingleton<SwiftCors>().AddSingleton<ExpiryKeeper>().AddSingleton<IVersionWatcher, ExpiryNotes>();
        services.AddSingleton<Keeper>(p => p.GetRequiredService<ExpiryKeeper>());
        services.AddSingleton(new CatalogEntry("object-store", "swift", SwiftTarget.Root + "/v1/" + SwiftTarget.AccountPrefix + "%(project_id)s") { OnObjects = true });
        AddLogging(services);
        AddReplication(services);
        services.AddSingleton<S3Door>().AddSingleton<IObjectDoor, ObjectDoor>();
        services.AddSingleton(p => new UsageCounters(
            p.GetRequiredService<Db>(), p.GetRequiredService<CounterOptions>(), "objects", Meters.All, p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<UsageCounters>>()));
        services.AddSingleton<IObjectStart, ObjectStart>();
        services.AddSingleton<MeterKeeper>().AddSingleton<PurgeKeeper>();
        services.AddSingleton<Keeper>(p => p.GetRequiredService<MeterKeeper>());
        services.AddSingleton<Keeper>(p => p.GetRequiredService<PurgeKeeper>());
        services.AddSingleton<IProjectGone, ProjectListener>();
        services.AddSingleton<ObjectBlobSweep>().AddSingleton<LifecycleKeeper>();
        services.AddSingleton<Keeper>(p => p.GetRequiredService<LifecycleKeeper>());
        services.AddSingleton<Keeper>(p => p.GetRequiredService<ObjectBlobSweep>());
    }

    private static void AddLogging(IServiceCollection services)
    {
        services.AddSingleton<AccessLog>().AddSingleton<OwnWriter>().AddSingleton<IObjectApi, LoggingApi>();
        services.AddSingleton<IObjectApi, AccelerateApi>().AddSingleton<IObjectApi, RestoreApi>();
        services.AddSingleton<LogKeeper>().AddSingleton<Keeper>(p => p.GetRequiredService<LogKeeper>());
    }

    private static void AddReplication(IServiceCollection services)
    {
        services.AddSingleton<IVersionWatcher, ReplicationOutbox>().AddSingleton<IObjectApi, ReplicationApi>().AddSingleton<Keeper, ReplicationKeeper>();
        services.AddSingleton<RemoteBuckets>().AddSingleton<Replicator>().AddSingleton<TargetApi>();
        services.AddSingleton<IQueryApi>(p => p.GetRequiredService<TargetApi>()).AddSingleton<IProjectGone>(p => p.GetRequiredService<TargetApi>());
    }

    private static void AddNotifications(IServiceCollection services)
    {
        services.AddSingleton<EventOutbox>().AddSingleton<IVersionWatcher>(p => p.GetRequiredService<EventOutbox>());
        services.AddSingleton<IObjectApi, NotificationApi>().AddSingleton<IQueryApi, TopicApi>().AddSingleton<Keeper, TopicKeeper>();
        services.AddSingleton<TopicBook>().AddSingleton<IProjectGone>(p => p.GetRequiredService<TopicBook>());
    }

    // The door takes whole requests from its own listener; nothing of it is a route of the cloud door.
    public void Map(IEndpointRouteBuilder app, RouteMaker routes)
    {
    }
}
