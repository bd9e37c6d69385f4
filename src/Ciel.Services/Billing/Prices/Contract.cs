using Ciel.Services.Billing.Amounts;

namespace Ciel.Services.Billing.Prices;

/// <summary>What was agreed with a customer: discounts, and prices that name it.</summary>
/// <param name="Id">Its name in the book.</param>
/// <param name="Name">What people read.</param>
/// <param name="Discounts">What is taken off.</param>
internal sealed record Contract(string Id, string Name, IReadOnlyList<Discount> Discounts);

/// <summary>So many hundredths off a product's price.</summary>
/// <param name="Products">A product's id or a pattern with <c>*</c>.</param>
/// <param name="Percent">0 to 100.</param>
/// <param name="From">µs UTC.</param>
/// <param name="To">µs UTC, not in it; null for no end.</param>
internal sealed record Discount(string Products, Fixed Percent, long From, long? To);
