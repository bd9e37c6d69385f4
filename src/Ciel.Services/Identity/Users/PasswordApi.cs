using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Events;
using Ciel.Core.Http;
using Ciel.Core.Policy;
using Ciel.Core.Store;
using Ciel.Core.Trust;

namespace Ciel.Services.Identity.Users;

/// <summary>POST /v3/users/{id}/password: users change their own. The old password is the proof, so that it needs no token.</summary>
internal sealed class PasswordApi(Db db, Ids ids, PasswordHasher hasher, RevisionCache cache) : IIdentityApi
{
    public void Map(Routes routes) => routes.Open("POST", "/v3/users/{id}/password", Change);

    private async Task Change(Call call)
    {
        var (original, fresh) = UserInput.OwnPassword((await call.Body()).Object("user"));
        var id = call.Route("id");
        var user = await db.Read(r => UserStore.Find(r, id), call.Cancel);
        if (!await hasher.Verify(original, user?.PasswordHash) || user is not { Enabled: true })
        {
            throw Fault.Unauthorized();
        }

        var hash = await hasher.Hash(fresh);
        var audit = ids.Hex();
        var changed = await db.Write(
            async tx =>
            {
                await cache.StandingChanged(tx);
                var actor = new Actor { UserId = user.Id, UserName = user.Name, UserDomainId = user.DomainId, RequestId = call.RequestId };
                await AuditLog.Note(tx, audit, actor, "update", "password", user.Id);
                return await UserStore.SetPassword(tx, id, user.PasswordHash, hash);
            },
            call.Cancel);
        await (changed ? call.Empty(204) : throw Fault.Conflict("The password has just been changed by another request."));
    }
}
