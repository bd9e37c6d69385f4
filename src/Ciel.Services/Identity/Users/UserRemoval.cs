using Ciel.Core.Store;
using Ciel.Services.Identity.Delegation;
using Ciel.Services.Identity.Roles;

namespace Ciel.Services.Identity.Users;

/// <summary>Deletes a user with what hangs on it.</summary>
internal static class UserRemoval
{
    public static async Task Remove(Tx tx, string userId)
    {
        var user = new { userId };
        await AssignmentStore.Forget(tx, userId);
        await AppCredentialStore.DeleteOfUser(tx, userId);
        await TrustStore.DeleteOfUser(tx, userId);
        await tx.Execute("DELETE FROM identity_membership WHERE user_id = @userId", user);
        await tx.Execute("DELETE FROM identity_credential WHERE user_id = @userId", user);
        await tx.Execute("DELETE FROM identity_user WHERE id = @userId", user);
    }
}
