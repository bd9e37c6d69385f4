using Ciel.Core.Store;
using Ciel.Services.Identity;
using Ciel.Services.ObjectStorage.Door;

namespace Ciel.Services.ObjectStorage.Access;

/// <summary>Looks up whom a grant names.</summary>
internal sealed class Accounts(Db db, IIdentity identity, IAccessKeys keys)
{
    private static readonly HashSet<string> Groups = [Acl.Everyone, Acl.Authenticated, Acl.LogDelivery];

    /// <summary>A grant to an account (<c>id</c>), to the account of an address (<c>emailAddress</c>) or to a group (<c>uri</c>).</summary>
    public async Task<Grant> Grant(S3Call call, string kind, string value, string permission)
    {
        switch (kind)
        {
            case "id":
                var project = await db.Read(r => identity.Project(r, value), call.Cancel);
                return project is null
                    ? throw Faults.InvalidArgument("CanonicalUser/ID", value, "Invalid id")
                    : new Grant(Acl.Account, project.Id, project.Name, permission);
            case "emailAddress":
                var account = await db.Read(r => keys.ProjectByEmail(r, value), call.Cancel);
                return account is null
                    ? throw new S3Fault(400, "UnresolvableGrantByEmailAddress", "The e-mail address you provided does not match any account on record.")
                    : new Grant(Acl.Account, account.Id, account.Name, permission);
            case "uri" when Groups.Contains(value):
                return new Grant(Acl.Group, value, "", permission);
            default:
                throw Faults.InvalidArgument(kind, value, "Argument format not recognized");
        }
    }
}
