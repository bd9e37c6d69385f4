namespace Ciel.Services.Billing.Amounts;

/// <summary>Sums of exact numbers.</summary>
internal static class Sums
{
    /// <summary>The sum; nothing of none.</summary>
    /// <exception cref="Core.Errors.Fault">400 where it comes to more than is billed.</exception>
    public static Fixed Sum(this IEnumerable<Fixed> amounts) => amounts.Aggregate(Fixed.Zero, (sum, amount) => sum + amount);

    /// <summary>The sum of what each thing has.</summary>
    /// <exception cref="Core.Errors.Fault">400 where it comes to more than is billed.</exception>
    public static Fixed Sum<T>(this IEnumerable<T> things, Func<T, Fixed> of) => things.Select(of).Sum();
}
