using Ciel.Core.Http;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>The password that a guest handed in, for its owner to decrypt (Compute API reference, "Servers password").</summary>
internal sealed class PasswordApi(Db db)
{
    public void Map(Routes routes)
    {
        routes.Get("/v2.1/servers/{id}/os-server-password", Show);
        routes.Delete("/v2.1/servers/{id}/os-server-password", Clear);
    }

    private async Task Show(Call call)
    {
        var password = await db.Read(
            async r => await PasswordStore.Find(r, (await ServerStore.Visible(r, call.Actor, call.Route("id"))).Id), call.Cancel);
        await call.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteString("password", password ?? "");
            json.WriteEndObject();
        });
    }

    private async Task Clear(Call call)
    {
        await db.Write(
            async tx => await PasswordStore.Remove(tx, (await ServerVerbs.Own(tx, call.Actor, call.Route("id"))).Id), call.Cancel);
        await call.Empty(204);
    }
}
