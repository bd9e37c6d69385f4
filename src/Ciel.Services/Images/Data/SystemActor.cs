using Ciel.Core;
using Ciel.Core.Policy;

namespace Ciel.Services.Images.Data;

/// <summary>Ciel itself, where no user asked.</summary>
internal static class SystemActor
{
    public static Actor New(Ids ids) => new()
    {
        UserId = "ciel",
        UserName = "ciel",
        UserDomainId = "default",
        System = true,
        RoleNames = new HashSet<string> { Roles.Admin, Roles.Manager, Roles.Member, Roles.Reader },
        RequestId = "req-" + ids.Uuid(),
    };
}
