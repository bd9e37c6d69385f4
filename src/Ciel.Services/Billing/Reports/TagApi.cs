using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Events;
using Ciel.Core.Http;
using Ciel.Core.Store;
using Ciel.Services.Billing.Door;

namespace Ciel.Services.Billing.Reports;

/// <summary>Routes of tags on an account's projects and resources. A resource's own comes before its project's.</summary>
internal sealed class TagApi(Db db, Ids ids)
{
    private const int MostOfThing = 50;
    private const int MostOfAccount = 20_000;

    public void Map(Routes routes)
    {
        routes.Get("/v1/accounts/{id}/tags", List);
        routes.Put("/v1/accounts/{id}/tags/{thing}", Set);
    }

    private async Task List(Call call) => await call.Many(
        "tags", await db.Read(async r => await TagStore.Of(r, (await call.Visible(r, call.Route("id"))).Id), call.Cancel), (json, tagged) =>
        {
            json.WriteStartObject();
            json.WriteString("thing", tagged.Thing);
            json.WriteString("tag", tagged.Tag);
            json.WriteString("value", tagged.Value);
            json.WriteEndObject();
        });

    private async Task Set(Call call)
    {
        var (account, thing) = (await db.Read(r => call.Visible(r, call.Route("id")), call.Cancel), call.Route("thing"));
        var input = await call.Body();
        var tags = input.OptionalMap("tags", 128, 255) ?? throw input.Refuse("tags", "", "it is missing");
        input.Done();
        if (tags.Count > MostOfThing || thing.Length > 128 || tags.Keys.Any(k => k.Length == 0))
        {
            throw input.Refuse("tags", "", $"a thing has at most {MostOfThing} tags, each with a name");
        }

        var audit = ids.Uuid();
        await db.Write(
            async tx =>
            {
                await tx.Dialect.HoldName(tx, "billing_tag " + account.Id);
                await TagStore.Set(tx, account.Id, thing, tags);
                if (await TagStore.Count(tx, account.Id) > MostOfAccount)
                {
                    throw Fault.Forbidden($"An account has at most {MostOfAccount} tags.");
                }

                await AuditLog.Note(tx, audit, call.Actor, "tag", "billing-account", account.Id, thing);
            },
            call.Cancel);
        await call.Empty(204);
    }
}
