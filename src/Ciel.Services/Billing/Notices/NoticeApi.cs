using System.Text.Json;
using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Events;
using Ciel.Core.Http;
using Ciel.Core.Http.Egress;
using Ciel.Core.Store;
using Ciel.Core.Trust;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Door;

namespace Ciel.Services.Billing.Notices;

/// <summary>Routes of notices and of where they go.</summary>
internal sealed class NoticeApi(Db db, Ids ids, ISecrets secrets, Envelope envelope)
{
    private const int Most = 100;
    private const int SecretBytes = 24;

    public void Map(Routes routes)
    {
        routes.Get("/v1/accounts/{id}/notices", List);
        routes.Get("/v1/accounts/{id}/webhook", Show);
        routes.Put("/v1/accounts/{id}/webhook", Set);
        routes.Delete("/v1/accounts/{id}/webhook", Remove);
    }

    private async Task List(Call call)
    {
        var (notices, deliveries) = await db.Read(
            async r =>
            {
                var found = await NoticeStore.Of(r, (await call.Visible(r, call.Route("id"))).Id, Most);
                return (found, (await DeliveryStore.Of(r, [.. found.Select(n => n.Id)])).ToLookup(d => d.NoticeId));
            },
            call.Cancel);
        await call.Many("notices", notices, (json, notice) =>
        {
            json.WriteStartObject();
            json.WriteString("at", Instant.Text(notice.At));
            json.WriteString("kind", notice.Kind);
            json.WriteString("message", notice.Message);
            json.WriteStartArray("deliveries");
            foreach (var delivery in deliveries[notice.Id])
            {
                Write(json, delivery);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private async Task Show(Call call)
    {
        var webhook = await db.Read(async r => await WebhookStore.Of(r, (await call.Visible(r, call.Route("id"))).Id), call.Cancel)
            ?? throw Fault.NotFound($"The account {call.Route("id")} has no webhook. `ciel account webhook {call.Route("id")} --url URL` sets one.");
        await call.One("webhook", json => Write(json, webhook, null));
    }

    // The secret is told once.
    private async Task Set(Call call)
    {
        var account = await db.Read(r => call.Decided(r, call.Route("id"), null), call.Cancel);
        var input = (await call.Body()).Object("webhook");
        var url = input.String("url", 1, 2048);
        input.Done();
        try
        {
            EgressGate.Url(url);
        }
        catch (EgressRefusedException refused)
        {
            throw input.Refuse("url", url, refused.Message);
        }

        var bytes = new byte[SecretBytes];
        secrets.Fill(bytes);
        var (secret, audit) = (WebhookSignature.Secret(bytes), ids.Uuid());
        var webhook = new Webhook { AccountId = account.Id, Url = url, Secret = await envelope.Seal(secret, DeliveryKeeper.About(account.Id), call.Cancel), CreatedAt = await db.Now(call.Cancel) };
        await db.Write(
            async tx =>
            {
                await WebhookStore.Set(tx, webhook);
                await AuditLog.Note(tx, audit, call.Actor, "set", "billing-webhook", account.Id, url);
            },
            call.Cancel);
        await call.One("webhook", json => Write(json, webhook, secret));
    }

    private async Task Remove(Call call)
    {
        var (account, audit) = (await db.Read(r => call.Decided(r, call.Route("id"), null), call.Cancel), ids.Uuid());
        await db.Write(
            async tx =>
            {
                if (await WebhookStore.Of(tx, account.Id) is not { } webhook || !await WebhookStore.Remove(tx, webhook))
                {
                    throw Fault.NotFound($"The account {account.Id} has no webhook.");
                }

                await AuditLog.Note(tx, audit, call.Actor, "remove", "billing-webhook", account.Id);
            },
            call.Cancel);
        await call.Empty(204);
    }

    private static void Write(Utf8JsonWriter json, Webhook webhook, string? secret)
    {
        json.WriteStartObject();
        json.WriteString("account", webhook.AccountId);
        json.WriteString("url", webhook.Url);
        json.WriteString("since", Instant.Text(webhook.CreatedAt));
        if (secret is not null)
        {
            json.WriteString("secret", secret);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Delivery delivery)
    {
        json.WriteStartObject();
        json.WriteString("channel", delivery.Channel);
        json.WriteString("target", delivery.Target);
        json.WriteString("state", delivery.State);
        json.WriteNumber("attempts", delivery.Attempts);
        json.WriteString("next", delivery.State == "pending" ? Instant.Text(delivery.NextAt) : null);
        json.WriteString("error", delivery.Error);
        json.WriteEndObject();
    }
}
