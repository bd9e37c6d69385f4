using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Calendar;

namespace Ciel.Services.Billing.Rating;

/// <summary>Units of a product that were paid before they were used.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Product">The product.</param>
/// <param name="Left">Units that are left when the period begins.</param>
/// <param name="Valid">When they can be used.</param>
internal sealed record Package(string Id, string Product, Fixed Left, Period Valid);

/// <summary>Units that the customer has promised to pay for, used or not: each clock hour so many are covered.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Product">The product, sold per time.</param>
/// <param name="Units">Units that may run at once.</param>
/// <param name="Valid">When it holds.</param>
internal sealed record Reservation(string Id, string Product, long Units, Period Valid);

/// <summary>An amount per hour that the customer has promised to pay, for which usage is cheaper: each clock hour usage up to it is covered.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Products">A product's id or a pattern with <c>*</c>; only products sold per time at one price.</param>
/// <param name="PerHour">The amount, in the customer's currency.</param>
/// <param name="Percent">How much less covered usage costs than by the list.</param>
/// <param name="Valid">When it holds.</param>
internal sealed record SavingsPlan(string Id, string Products, Fixed PerHour, Fixed Percent, Period Valid);
