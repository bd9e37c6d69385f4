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
using Ciel.Services.ObjectStorage.Replication;
using Ciel.Services.ObjectStorage.Settings;
using Ciel.Services.ObjectStorage.Signing;
using Ciel.Services.ObjectStorage.Sts;
using Ciel.Services.ObjectStorage.Swift;
using Ciel.Services.ObjectStorage.Website;
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
        services.AddSingleton<ObjectBytes>().AddSingleton<Encryptions>().AddSingleton<BucketBook>().AddSingleton<VersionBook>().AddSingleton<UploadBook>().AddSingleton<OwnWriter>();
        services.AddSingleton<ObjectLookup>().AddSingleton<CopySource>().AddSingleton<Accounts>().AddSingleton<AclHeaders>();
        services.AddSingleton<SigningKeys>().AddSingleton<Authentication>().AddSingleton<Signers>();
        services.AddSingleton<DoorNames>().AddSingleton<OperationTable>().AddSingleton<S3Door>().AddSingleton<WebsiteDoor>().AddSingleton<IObjectDoor, ObjectDoor>();
        AddOperations(services);
        AddIam(services);
        AddNotifications(services);
        AddSwift(services);
        AddLogging(services);
        AddReplication(services);
        AddKeepers(services);
        services.AddSingleton(p => new UsageCounters(
            p.GetRequiredService<Db>(), p.GetRequiredService<CounterOptions>(), "objects", Meters.All, p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<UsageCounters>>()));
    }

    private static void AddOperations(IServiceCollection services)
    {
        services.AddSingleton<PutObjectApi>().AddSingleton<IObjectApi>(p => p.GetRequiredService<PutObjectApi>());
        services.AddSingleton<GetObjectApi>().AddSingleton<IObjectApi>(p => p.GetRequiredService<GetObjectApi>());
        services.AddSingleton<IObjectApi, BucketApi>().AddSingleton<IObjectApi, ListObjectsApi>().AddSingleton<IObjectApi, ListVersionsApi>();
        services.AddSingleton<IObjectApi, DeleteObjectApi>().AddSingleton<IObjectApi, CopyObjectApi>().AddSingleton<IObjectApi, PostObjectApi>();
        services.AddSingleton<IObjectApi, AttributesApi>().AddSingleton<IObjectApi, ObjectAclApi>().AddSingleton<IObjectApi, ObjectTaggingApi>().AddSingleton<IObjectApi, LockApi>();
        services.AddSingleton<IObjectApi, UploadApi>().AddSingleton<IObjectApi, CompleteApi>().AddSingleton<IObjectApi, ListUploadsApi>();
        services.AddSingleton<IObjectApi, SettingApi>().AddSingleton<IObjectApi, VersioningApi>().AddSingleton<IObjectApi, PolicyApi>().AddSingleton<IObjectApi, OwnershipApi>();
        services.AddSingleton<IObjectApi, PaymentApi>().AddSingleton<IObjectApi, QuotaApi>().AddSingleton<IObjectApi, UsageApi>().AddSingleton<IObjectApi, AccelerateApi>().AddSingleton<IObjectApi, RestoreApi>();
        services.AddSingleton<IObjectApi, QueryDoor>();
    }

    private static void AddIam(IServiceCollection services)
    {
        services.AddSingleton<IamKeys>().AddSingleton<IamIds>().AddSingleton<IamBook>();
        services.AddSingleton<IQueryApi, UserApi>().AddSingleton<IQueryApi, KeyApi>().AddSingleton<IQueryApi, RoleApi>().AddSingleton<IQueryApi, GroupApi>();
        services.AddSingleton<IQueryApi, OwnPolicyApi>().AddSingleton<IQueryApi, ManagedPolicyApi>().AddSingleton<IQueryApi, ProviderApi>().AddSingleton<IQueryApi, SummaryApi>();
        services.AddSingleton<ProviderFetch>(p => ProviderKeys.By(p.GetRequiredService<Core.Http.Egress.Egress>()));
        services.AddSingleton<Sessions>().AddSingleton<WebIdentities>().AddSingleton<ProviderKeys>().AddSingleton<IQueryApi, StsApi>();
    }

    private static void AddSwift(IServiceCollection services)
    {
        services.AddSingleton<SwiftDoor>().AddSingleton<AccountApi>().AddSingleton<ContainerApi>().AddSingleton<ObjectApi>().AddSingleton<Containers>().AddSingleton<SwiftObjects>();
        services.AddSingleton<LargeObjects>().AddSingleton<Copies>().AddSingleton<OldVersions>().AddSingleton<SwiftListing>().AddSingleton<StaticWeb>().AddSingleton<BulkApi>();
        services.AddSingleton<FormPosts>().AddSingleton<TempUrls>().AddSingleton<SwiftCors>().AddSingleton<IVersionWatcher, ExpiryNotes>();
        services.AddSingleton<ExpiryKeeper>().AddSingleton<Keeper>(p => p.GetRequiredService<ExpiryKeeper>());
        services.AddSingleton(new CatalogEntry("object-store", "swift", SwiftTarget.Root + "/v1/" + SwiftTarget.AccountPrefix + "%(project_id)s") { OnObjects = true });
    }

    private static void AddKeepers(IServiceCollection services)
    {
        services.AddSingleton<IObjectStart, ObjectStart>();
        services.AddSingleton<MeterKeeper>().AddSingleton<Keeper>(p => p.GetRequiredService<MeterKeeper>());
        services.AddSingleton<PurgeKeeper>().AddSingleton<Keeper>(p => p.GetRequiredService<PurgeKeeper>()).AddSingleton<IProjectGone, ProjectListener>();
        services.AddSingleton<LifecycleKeeper>().AddSingleton<Keeper>(p => p.GetRequiredService<LifecycleKeeper>());
        services.AddSingleton<ObjectBlobSweep>().AddSingleton<Keeper>(p => p.GetRequiredService<ObjectBlobSweep>());
    }

    private static void AddLogging(IServiceCollection services)
    {
        services.AddSingleton<AccessLog>().AddSingleton<IObjectApi, LoggingApi>();
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
