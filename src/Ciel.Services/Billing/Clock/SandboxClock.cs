using Ciel.Core.Keepers;
using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Invoices;
using static Ciel.Services.Billing.Calendar.Micros;

namespace Ciel.Services.Billing.Clock;

/// <summary>
/// Moves a sandbox's clock to where the operator wants it, hour by hour, and does at each what a real account's keeper does then. Each hour is
/// one transaction that moves the clock and writes what it brought: a crash goes on where it was.
/// </summary>
internal sealed class SandboxClock(AccountWork work)
{
    private const int MostPerTurn = 24;

    /// <summary>Some hours of a sandbox, until it is where it should be.</summary>
    public async Task<Next> Run(Turn turn, Account account)
    {
        for (var i = 0; i < MostPerTurn; i++)
        {
            // What woke it belongs to the instant where it stands, so that is settled first.
            var (before, now) = (account, account.ClockAt!.Value);
            var next = i == 0 ? now : Math.Min(((now / Hour) + 1) * Hour, account.ClockTo!.Value);
            var found = await work.At(turn.Db, account with { ClockAt = next }, next, turn.Cancel);
            await turn.Db.Write(
                async tx =>
                {
                    if (await AccountStore.MoveClock(tx, before.Id, now, found.Issues ? now : next))
                    {
                        await found.Write(new ClockTx(tx, next));
                    }
                },
                turn.Cancel);
            if (!found.Issues && next == account.ClockTo)
            {
                return Next.Rest(turn.Row.Step);
            }

            if (await turn.Db.Read(r => AccountStore.Find(r, before.Id), turn.Cancel) is not { } after)
            {
                return Next.Gone();
            }

            account = after;
        }

        return Next.Hop(turn.Row.Step);
    }
}
