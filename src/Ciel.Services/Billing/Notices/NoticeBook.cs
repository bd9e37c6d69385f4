using System.Net.Mail;
using System.Text.Json;
using Ciel.Core;
using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Clock;

namespace Ciel.Services.Billing.Notices;

/// <summary>Writes notices, and with each in the same transaction what is to go to the account's webhook and by mail.</summary>
internal sealed class NoticeBook(Ids ids, KeeperBook keepers, IMailRelay mail)
{
    /// <summary>The keeper that delivers an account's notices.</summary>
    public static string KeeperOf(string account) => "billing-notices-" + account;

    /// <summary>Writes one.</summary>
    public async Task Write(Tx tx, Account account, string kind, string message)
    {
        var notice = new Notice { Id = ids.Uuid(), AccountId = account.Id, Kind = kind, Message = message, At = tx.Now };
        await NoticeStore.Add(tx, notice);
        var real = tx.Real();
        var webhook = await WebhookStore.Of(real, account.Id) is { } hook ? hook.Url : null;
        var address = mail.IsOn && !account.IsSandbox ? Address(account) : null;
        foreach (var (channel, target) in new[] { (Delivery.Webhook, webhook), (Delivery.Mail, address) }.Where(t => t.Item2 is not null))
        {
            await DeliveryStore.Insert(
                real, new() { Id = ids.Uuid(), AccountId = account.Id, NoticeId = notice.Id, Channel = channel, Target = target!, NextAt = real.Now, CreatedAt = real.Now });
        }

        if (webhook is not null || address is not null)
        {
            await Wake(real, account.Id);
        }
    }

    private async Task Wake(Tx tx, string account)
    {
        await tx.Dialect.HoldName(tx, KeeperOf(account));
        if (!await keepers.BeginOnce(tx, DeliveryKeeper.KindName, KeeperOf(account), DeliveryKeeper.First))
        {
            await keepers.Wake(tx, KeeperOf(account));
        }
    }

    private static string? Address(Account account)
    {
        using var details = JsonDocument.Parse(account.Details);
        return details.RootElement.TryGetProperty("email", out var email) && MailAddress.TryCreate(email.ToString(), out var address) ? address.Address : null;
    }
}
