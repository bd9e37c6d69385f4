using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Events;
using Ciel.Core.Http;
using Ciel.Core.Policy;
using Ciel.Core.Store;
using Ciel.Core.Trust;
using Ciel.Services.Billing.Notices;

namespace Ciel.Services.Billing.Payments;

/// <summary>Routes of payment providers: which there are, their secrets, and what they tell.</summary>
internal sealed class ProviderApi(Db db, Ids ids, ISecrets secrets, Envelope envelope, IEnumerable<IPaymentProvider> providers, PaymentBook book)
{
    private const int SecretBytes = 24;
    private const int LongestMessage = 64 * 1024;

    public void Map(Routes routes)
    {
        routes.Get("/v1/payment-providers", List);
        routes.Post("/v1/payment-providers/{provider}/secret", Renew);
        routes.Open("POST", "/v1/payment-providers/{provider}/events", Hear);
    }

    private async Task List(Call call)
    {
        call.Actor.RequireAdmin("billing:providers:list");
        var ready = await db.Read(ProviderStore.Names, call.Cancel);
        await call.Many("payment_providers", providers.ToList(), (json, provider) =>
        {
            json.WriteStartObject();
            json.WriteString("name", provider.Name);
            json.WriteString("events", provider.Tells ? $"/billing/v1/payment-providers/{provider.Name}/events" : null);
            json.WriteBoolean("ready", !provider.Tells || ready.Contains(provider.Name));
            json.WriteEndObject();
        });
    }

    // Told once; the one before is good no more.
    private async Task Renew(Call call)
    {
        call.Actor.RequireAdmin("billing:providers:renew");
        var provider = Find(call);
        var bytes = new byte[SecretBytes];
        secrets.Fill(bytes);
        var (secret, audit) = (WebhookSignature.Secret(bytes), ids.Uuid());
        var kept = await envelope.Seal(secret, About(provider), call.Cancel);
        await db.Write(
            async tx =>
            {
                await ProviderStore.Set(tx, provider.Name, kept);
                await AuditLog.Note(tx, audit, call.Actor, "renew", "billing-provider", provider.Name);
            },
            call.Cancel);
        await call.One("payment_provider", json =>
        {
            json.WriteStartObject();
            json.WriteString("name", provider.Name);
            json.WriteString("secret", secret);
            json.WriteEndObject();
        });
    }

    private async Task Hear(Call call)
    {
        var provider = Find(call);
        var kept = await db.Read(r => ProviderStore.Secret(r, provider.Name), call.Cancel)
            ?? throw Fault.NotFound($"The provider {provider.Name} has no secret yet. `ciel payments secret {provider.Name}` makes one.");
        var body = await call.BodyBytes(LongestMessage);
        var message = new PaymentMessage(
            name => (string?)call.Http.Request.Headers[name], body, await envelope.Open(kept, About(provider), call.Cancel), await db.Now(call.Cancel) / 1_000_000);
        if (provider.Read(message) is { } paid)
        {
            var actor = new Actor { UserId = provider.Name, UserName = provider.Name, UserDomainId = "default" };
            await book.Note(actor, paid.Account, paid.Kind, paid.Amount, paid.Currency, $"{provider.Name}:{paid.Id}", call.Cancel);
        }

        await call.Empty(204);
    }

    private IPaymentProvider Find(Call call) => providers.FirstOrDefault(p => p.Tells && p.Name == call.Route("provider"))
        ?? throw Fault.NotFound($"There is no payment provider {call.Route("provider")} that tells of payments. `ciel payments list` shows them.");

    private static string About(IPaymentProvider provider) => "billing-provider " + provider.Name;
}
