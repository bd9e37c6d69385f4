using Ciel.Core.Http;

namespace Ciel.Services.Identity;

/// <summary>Some of identity's routes.</summary>
internal interface IIdentityApi
{
    void Map(Routes routes);
}

/// <summary>What Keystone's routes have in common.</summary>
internal static class IdentityRoutes
{
    /// <summary>GET and HEAD, which Keystone answers wherever it answers GET.</summary>
    public static void Look(this Routes routes, string path, Handler handler)
    {
        routes.Get(path, handler);
        routes.Head(path, handler);
    }
}
