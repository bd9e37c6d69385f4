using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Clock;
using static Ciel.Services.Billing.Calendar.Micros;

namespace Ciel.Services.Billing.Invoices;

/// <summary>Looks after one payer: settles each hour, and issues the invoice an hour after each period ends. A sandbox goes by its own clock.</summary>
internal sealed class BillingKeeper(AccountWork work, SandboxClock clock) : OneStepKeeper("billing.account", Settle)
{
    private const string Settle = "settle";

    /// <summary>The keeper's id for an account.</summary>
    public static string IdOf(string account) => "billing-" + account;

    /// <summary>Begins it for an account.</summary>
    public Task Begin(Tx tx, KeeperBook keepers, string account) => keepers.BeginOnce(tx, Kind, IdOf(account), Settle);

    protected override async Task<Next> Run(Turn turn)
    {
        var id = turn.Id[IdOf("").Length..];
        var account = await turn.Db.Read(r => AccountStore.Find(r, id), turn.Cancel);
        if (account is null)
        {
            return Next.Gone();
        }

        if (account.IsSandbox)
        {
            return await clock.Run(turn, account);
        }

        var found = await work.At(turn.Db, account, turn.Now, turn.Cancel);
        return found.Issues ? Next.Hop(Settle, found.Write) : Next.Nap(TimeSpan.FromMicroseconds(Hour - (turn.Now % Hour)), found.Write);
    }
}
