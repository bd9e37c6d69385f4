using System.Text.Json;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;
using Ciel.Services.Billing.Door;

namespace Ciel.Services.Billing.Purchases;

/// <summary>Routes of orders: subscriptions, packages, commitments.</summary>
internal sealed class OrderApi(Db db, OrderBook book)
{
    private const long Most = 1_000_000;

    public void Map(Routes routes)
    {
        routes.Get("/v1/accounts/{id}/orders", List);
        routes.Post("/v1/accounts/{id}/orders", Place);
        routes.Patch("/v1/accounts/{id}/orders/{order}", Alter);
        routes.Delete("/v1/accounts/{id}/orders/{order}", End);
    }

    private async Task List(Call call) => await call.Many(
        "orders", await db.Read(async r => await OrderStore.Of(r, (await call.Visible(r, call.Route("id"))).Id), call.Cancel), Write);

    private async Task Place(Call call)
    {
        call.Actor.RequireAdmin("billing:orders:create");
        var input = (await call.Body()).Object("order");
        var (offer, quantity, project) = (input.String("offer", 1, 64), input.OptionalInteger("quantity", 1, Most) ?? 1, input.OptionalString("project", 1, 64));
        input.Done();
        var id = await book.Place(call.Actor, call.Route("id"), project, offer, quantity, call.Cancel);
        await Answer(call, id, 201);
    }

    private async Task Alter(Call call)
    {
        call.Actor.RequireAdmin("billing:orders:change");
        var input = (await call.Body()).Object("order");
        var (offer, quantity) = (input.OptionalString("offer", 1, 64), input.OptionalInteger("quantity", 1, Most));
        input.Done();
        var (account, id) = (call.Route("id"), call.Route("order"));
        await book.Alter(call.Actor, account, id, offer, quantity, call.Cancel);
        await Answer(call, id, 200);
    }

    private async Task End(Call call)
    {
        call.Actor.RequireAdmin("billing:orders:end");
        await book.Alter(call.Actor, call.Route("id"), call.Route("order"), null, 0, call.Cancel);
        await Answer(call, call.Route("order"), 200);
    }

    private async Task Answer(Call call, string id, int status)
    {
        var order = (await db.Read(r => OrderStore.Of(r, call.Route("id")), call.Cancel)).FirstOrDefault(o => o.Id == id) ?? throw Fault.NotFound($"There is no order {id}.");
        await call.One("order", json => Write(json, order), status);
    }

    private static void Write(Utf8JsonWriter json, Order order)
    {
        json.WriteStartObject();
        json.WriteString("id", order.Id);
        json.WriteString("account", order.AccountId);
        json.WriteString("project", order.ProjectId);
        json.WriteString("offer", order.Last.Offer);
        json.WriteNumber("quantity", order.Last.Quantity);
        json.WriteString("since", order.First.Day);
        json.WriteStartArray("changes");
        foreach (var change in order.Changes)
        {
            json.WriteStartObject();
            json.WriteString("day", change.Day);
            json.WriteString("offer", change.Offer);
            json.WriteNumber("quantity", change.Quantity);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
