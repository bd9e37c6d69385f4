using Ciel.Services.Billing.Accounts;
using static Ciel.Services.Billing.Calendar.Micros;

namespace Ciel.Services.Billing.Control;

/// <summary>
/// When the resources of a frozen account are released (deleted): never, unless the operator said for this account after how many days. It is
/// announced at once and again 14, 7, 3 and 1 days before; a notice that came late moves the release, so that nobody has less time than it says. Pure.
/// </summary>
/// <param name="At">When it will be, µs UTC; null for never.</param>
/// <param name="Told">How many days before it the last notice was, or how many the first one named.</param>
/// <param name="Warns">Whether a notice is due now.</param>
/// <param name="Releases">Whether it is time.</param>
internal readonly record struct Releasing(long? At, long? Told, bool Warns, bool Releases)
{
    /// <summary>The fewest days that an operator may set.</summary>
    public const long FewestDays = 30;

    private static readonly long[] Warnings = [1, 3, 7, 14];

    /// <summary>What follows for an account at an instant.</summary>
    /// <param name="account">As it was last settled.</param>
    /// <param name="state">Where it stands now.</param>
    /// <param name="now">µs UTC.</param>
    public static Releasing Of(Account account, string state, long now)
    {
        if (state != Arrears.Frozen || account.ReleaseAfterDays is not { } days)
        {
            return default;
        }

        if (account.ReleaseAt is not { } at)
        {
            var since = account.State == Arrears.Frozen ? account.StateAt : now;
            var first = Math.Max(since + (days * Day), now + (Warnings[^1] * Day));
            return new(first, (first - now + Day - 1) / Day, Warns: true, Releases: false);
        }

        var due = Array.Find(Warnings, w => now >= at - (w * Day));
        return due > 0 && (account.ReleaseTold is null || due < account.ReleaseTold) ? new(Math.Max(at, now + (due * Day)), due, Warns: true, Releases: false)
            : new(at, account.ReleaseTold, Warns: false, Releases: now >= at && account.ReleaseTold == Warnings[0]);
    }
}
