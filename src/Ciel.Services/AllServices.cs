using Ciel.Core;
using Ciel.Services.Billing;
using Ciel.Services.Compute;
using Ciel.Services.Identity;
using Ciel.Services.Images;
using Ciel.Services.Network;
using Ciel.Services.Nodes;
using Ciel.Services.ObjectStorage;

namespace Ciel.Services;

/// <summary>The services of this program, lowest first.</summary>
public static class AllServices
{
    /// <summary>Each service's module.</summary>
    public static IReadOnlyList<IServiceModule> Modules { get; } = [new NodesModule(), new IdentityModule(), new ImagesModule(), new ObjectStorageModule(), new NetworkModule(), new ComputeModule(), new BillingModule()];
}
