using Ciel.Core;
using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Control;

namespace Ciel.Services.Billing.Invoices;

/// <summary>Looks after one payer: settles each hour, and issues the invoice an hour after each period ends, so that what comes late is mostly there.</summary>
internal sealed class BillingKeeper(Ids ids, DraftBook drafts, InvoiceBook book, AccountControl control) : OneStepKeeper("billing.account", "settle")
{
    /// <summary>How long after a period's end its invoice is written, µs.</summary>
    public const long Patience = 3_600_000_000;

    /// <summary>The keeper's id for an account.</summary>
    public static string IdOf(string account) => "billing-" + account;

    /// <summary>Begins it for an account.</summary>
    public async Task Begin(Tx tx, KeeperBook keepers, string account)
    {
        if (await tx.Scalar<long>("SELECT COUNT(*) FROM keeper WHERE id = @id", new { id = IdOf(account) }) == 0)
        {
            await keepers.Begin(tx, Kind, IdOf(account), "settle", frame: $$"""{"account":"{{account}}"}""");
        }
    }

    protected override async Task<Next> Run(Turn turn)
    {
        var id = turn.Id["billing-".Length..];
        var account = await turn.Db.Read(r => AccountStore.Find(r, id), turn.Cancel);
        if (account is null)
        {
            return Next.Gone();
        }

        if (turn.Now < account.Open.To + Patience)
        {
            var found = await turn.Db.Read(
                async r => await AccountControl.Find(r, account, await drafts.Make(r, account, account.Open.Meet(new(0, turn.Now))), turn.Now), turn.Cancel);
            return Next.Nap(TimeSpan.FromMicroseconds(Patience - (turn.Now % Patience)), tx => control.Settle(tx, found));
        }

        var draft = await turn.Db.Read(r => drafts.Make(r, account, account.Open), turn.Cancel);
        var invoice = ids.Uuid();
        return Next.Hop("settle", async tx => await book.Issue(tx, draft, invoice));
    }
}
