using System.Text.Json;
using Ciel.Core;
using Ciel.Core.Http;
using Ciel.Core.Trust;

namespace Ciel.Services.Identity.Extensions;

/// <summary>Routes under /v3/OS-OAUTH1/consumers.</summary>
internal sealed class ConsumerApi(Changes changes, Envelope envelope, ISecrets secrets) : IIdentityApi
{
    private const string All = "/v3/OS-OAUTH1/consumers";
    private const string One = All + "/{id}";
    private static readonly View<ConsumerRow> View = new("consumer", "consumers", "OS-OAUTH1/consumers", c => c.Id, Fields);

    public void Map(Routes routes)
    {
        routes.Look(All, List);
        routes.Post(All, Create);
        routes.Look(One, Show);
        routes.Patch(One, Update);
        routes.Delete(One, Delete);
    }

    private async Task List(Call call)
    {
        call.MustReadCloud("list_consumers");
        await call.List(View, await changes.Db.Read(r => Filters.Of(call, r, "identity_consumer", Filters.Columns()).Page<ConsumerRow>(r, "*"), call.Cancel));
    }

    private async Task Create(Call call)
    {
        call.MustBeAdmin("create_consumer");
        var input = (await call.Body()).Object("consumer");
        var bytes = new byte[16];
        secrets.Fill(bytes);
        var secret = Convert.ToHexStringLower(bytes);
        var id = changes.Ids.Hex();
        var read = new ConsumerRow { Id = id, Description = input.Description(), Secret = await envelope.Seal(secret, "consumer " + id) };
        var row = read with { Extra = Extra.Of(input) };
        await changes.Make(call, Act.Create("consumer", id), null, tx => ConsumerStore.Insert(tx, row));
        await call.Show(View, row, 201, json => json.WriteString("secret", secret));
    }

    private async Task Show(Call call)
    {
        call.MustReadCloud("get_consumer");
        await call.Show(View, await Find(call));
    }

    private async Task Update(Call call)
    {
        call.MustBeAdmin("update_consumer");
        var before = await Find(call);
        var input = (await call.Body()).Object("consumer");
        if (input.Has("secret"))
        {
            throw input.Refuse("secret", "", "it cannot be changed");
        }

        var read = before with { Description = input.Description(before.Description) };
        var row = read with { Extra = Extra.Of(input, before.Extra) };
        await changes.Make(call, Act.Update("consumer", row.Id), null, tx => ConsumerStore.Update(tx, row));
        await call.Show(View, row);
    }

    private async Task Delete(Call call)
    {
        call.MustBeAdmin("delete_consumer");
        var row = await Find(call);
        await changes.Make(call, Act.Delete("consumer", row.Id), null, tx => ConsumerStore.Delete(tx, row.Id));
        await call.Empty(204);
    }

    private async Task<ConsumerRow> Find(Call call) =>
        await changes.Db.Read(r => ConsumerStore.Find(r, call.Route("id")), call.Cancel)
        ?? throw Rules.Missing("Consumer", call.Route("id"));

    private static void Fields(Utf8JsonWriter json, ConsumerRow consumer)
    {
        json.WriteString("id", consumer.Id);
        json.WriteString("description", consumer.Description);
        Extra.Write(json, consumer.Extra);
    }
}
