using System.Net.Http.Headers;
using System.Text.Json;
using Ciel.Core.Http.Egress;
using Ciel.Core.Keepers;
using Ciel.Core.Trust;
using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Calendar;

namespace Ciel.Services.Billing.Notices;

/// <summary>Delivers an account's notices, the oldest first, some at once. One that was sent as the program died is sent again under the same id.</summary>
internal sealed class DeliveryKeeper(Egress egress, Envelope envelope, IMailRelay mail) : OneStepKeeper(KindName, First)
{
    public const string KindName = "billing.notices";
    public const string First = "deliver";

    private const int Each = 8;
    private static readonly EgressLimits Limits = new(TimeSpan.FromSeconds(5), Body: 512);

    /// <summary>What a webhook's secret is sealed for.</summary>
    public static string About(string account) => "billing-webhook " + account;

    protected override async Task<Next> Run(Turn turn)
    {
        var account = turn.Id[NoticeBook.KeeperOf("").Length..];
        var (due, next, webhook) = await turn.Db.Read(
            async r => (await DeliveryStore.Due(r, account, turn.Now, Each), await DeliveryStore.NextAt(r, account), await WebhookStore.Of(r, account)), turn.Cancel);
        if (due.Count == 0)
        {
            return next is { } at ? Next.Nap(TimeSpan.FromMicroseconds(Math.Max(0, at - turn.Now))) : Next.Rest(First);
        }

        // At once, so that a slow end costs no more than one wait, well within the lease.
        var done = await Task.WhenAll(due.Select(async delivery => delivery.After(await Send(turn, delivery, webhook), turn.Now)));
        return Next.Hop(First, async tx =>
        {
            foreach (var delivery in done)
            {
                await DeliveryStore.Save(tx, delivery);
            }
        });
    }

    // Why it was not taken; null where it was.
    private async Task<string?> Send(Turn turn, Delivery delivery, Webhook? webhook)
    {
        var (notice, account) = await turn.Db.Read(async r => (await NoticeStore.Find(r, delivery.NoticeId), await AccountStore.Find(r, delivery.AccountId)), turn.Cancel);
        return delivery.Channel == Delivery.Mail ? await mail.Send(delivery.Target, $"Account {account!.Id}: {notice!.Kind}", notice.Message, turn.Cancel)
            : webhook is null ? "The account has no webhook any more."
            : await Post(turn, webhook, notice!, account!);
    }

    private async Task<string?> Post(Turn turn, Webhook webhook, Notice notice, Account account)
    {
        var (body, seconds) = (Body(notice, account), turn.Now / 1_000_000);
        var signature = WebhookSignature.Of(await envelope.Open(webhook.Secret, About(account.Id), turn.Cancel), notice.Id, seconds, body);
        try
        {
            var answer = await egress.Call(url => Request(url, notice.Id, seconds, signature, body), EgressGate.Url(webhook.Url), Limits, turn.Cancel);
            return answer.Good ? null : $"{webhook.Url} answered {(int)answer.Status}.";
        }
        catch (EgressRefusedException refused)
        {
            return refused.Message;
        }
    }

    private static HttpRequestMessage Request(Uri url, string id, long seconds, string signature, byte[] body) => new(HttpMethod.Post, url)
    {
        Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        Headers =
        {
            { "User-Agent", "Ciel" },
            { WebhookSignature.IdHeader, id },
            { WebhookSignature.TimeHeader, seconds.ToString(System.Globalization.CultureInfo.InvariantCulture) },
            { WebhookSignature.SignatureHeader, signature },
        },
    };

    private static byte[] Body(Notice notice, Account account)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type", "billing." + notice.Kind);
            json.WriteString("timestamp", Instant.Text(notice.At));
            json.WriteStartObject("data");
            json.WriteString("account", account.Id);
            json.WriteString("message", notice.Message);
            json.WriteBoolean("sandbox", account.IsSandbox);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
