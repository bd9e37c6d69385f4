using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Ciel.Core.Http.Egress;
using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Ciel.Core.Trust;
using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Clock;

namespace Ciel.Services.Billing.Notices;

/// <summary>Delivers an account's notices, the oldest first, some at once. One that was sent as the program died is sent again under the same id.</summary>
internal sealed class DeliveryKeeper(Egress egress, Envelope envelope, IMailRelay mail, NoticeBook notices) : OneStepKeeper(KindName, First)
{
    public const string KindName = "billing.notices";
    public const string First = "deliver";

    private const int Each = 8;
    private static readonly EgressLimits Limits = new(TimeSpan.FromSeconds(5), Body: 512);

    /// <summary>What a webhook's secret is sealed for.</summary>
    public static string About(string account) => "billing-webhook " + account;

    protected override async Task<Next> Run(Turn turn)
    {
        var id = turn.Id[NoticeBook.KeeperOf("").Length..];
        var (account, webhook, due, next) = await turn.Db.Read(
            async r => (await AccountStore.Find(r, id), await WebhookStore.Of(r, id), await Due(r, id, turn.Now), await DeliveryStore.NextAt(r, id)), turn.Cancel);
        if (account is null)
        {
            return Next.Gone();
        }

        if (due.Count == 0)
        {
            return next is { } at ? Next.Nap(TimeSpan.FromMicroseconds(Math.Max(0, at - turn.Now))) : Next.Rest(First);
        }

        // At once, so that a slow end costs no more than one wait, well within the lease.
        var answers = await Task.WhenAll(due.Select(d => Send(turn, account, webhook, d.Delivery, d.Notice)));
        return Next.Hop(First, async tx =>
        {
            foreach (var ((delivery, _), answer) in due.Zip(answers))
            {
                await DeliveryStore.Save(tx, delivery.After(answer.Error, turn.Now, answer.Gone));
            }

            // One that was set meanwhile stays.
            if (webhook is not null && Array.Exists(answers, a => a.Gone) && await WebhookStore.Remove(tx, webhook))
            {
                await notices.Write(
                    tx.At(account), account, "webhook-removed",
                    $"The webhook {webhook.Url} answered 410 (Gone), so nothing more is sent there and it is removed. Set one again with `ciel account webhook {account.Id} --url URL`.");
            }
        });
    }

    private static async Task<List<(Delivery Delivery, Notice Notice)>> Due(Reader reader, string account, long now)
    {
        var due = await DeliveryStore.Due(reader, account, now, Each);
        var told = (await NoticeStore.Some(reader, [.. due.Select(d => d.NoticeId)])).ToDictionary(n => n.Id);
        return due.ConvertAll(d => (d, told[d.NoticeId]));
    }

    private async Task<Answer> Send(Turn turn, Account account, Webhook? webhook, Delivery delivery, Notice notice) =>
        delivery.Channel == Delivery.Mail ? new(await mail.Send(delivery.Target, $"Account {account.Id}: {notice.Kind}", notice.Message, turn.Cancel))
        : webhook is null ? new("The account has no webhook any more.")
        : await Post(turn, webhook, notice, account);

    private async Task<Answer> Post(Turn turn, Webhook webhook, Notice notice, Account account)
    {
        var (body, seconds) = (Body(notice, account), turn.Now / Micros.Second);
        var signature = WebhookSignature.Of(await envelope.Open(webhook.Secret, About(account.Id), turn.Cancel), notice.Id, seconds, body);
        try
        {
            var answer = await egress.Call(url => Request(url, notice.Id, seconds, signature, body), EgressGate.Url(webhook.Url), Limits, turn.Cancel);
            return answer.Good ? new(null) : new($"{webhook.Url} answered {(int)answer.Status}.", answer.Status == HttpStatusCode.Gone);
        }
        catch (EgressRefusedException refused)
        {
            return new(refused.Message);
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

    /// <summary>What came of an attempt.</summary>
    /// <param name="Error">Why it was not taken; null where it was.</param>
    /// <param name="Gone">Whether the other end wants nothing more for good: 410, as standardwebhooks.com has it.</param>
    private sealed record Answer(string? Error, bool Gone = false);
}
