using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Invoices;
using Ciel.Services.Billing.Prices;
using Ciel.Services.Billing.Rating;

namespace Ciel.Services.Billing.Coupons;

/// <summary>Takes coupons off an invoice's lines, one after the other: before tax, in proportion over the rates of tax, never below nothing.</summary>
internal static class CouponLines
{
    /// <summary>The lines of the coupons.</summary>
    /// <param name="lines">What they are taken off; rounded.</param>
    /// <param name="coupons">In the order in which they were redeemed.</param>
    /// <param name="money">The currency.</param>
    /// <param name="period">The invoice's.</param>
    public static List<Line> Of(IReadOnlyList<Line> lines, IReadOnlyList<HeldCoupon> coupons, Currency money, Period period)
    {
        var off = new List<Line>();
        foreach (var coupon in coupons)
        {
            var groups = lines.Where(l => l.Charge.Product.Fits(coupon.Products))
                .GroupBy(l => (l.Charge.Tax, l.Rate))
                .Select(g => (g.Key.Tax, g.Key.Rate, Net: Fixed.Max(Fixed.Zero, g.Sum(l => l.Amount) + off.Where(o => (o.Charge.Tax, o.Rate) == g.Key).Sum(o => o.Amount))))
                .ToList();
            var net = groups.Sum(g => g.Net);
            var cut = coupon.Percent is { } percent ? money.Round(net.Percent(percent)) : Fixed.Min(coupon.Left!.Value, net);
            var shares = Shares.OfMoney(cut, [.. groups.Select(g => g.Net.Units)], money);
            off.AddRange(groups.Zip(shares).Where(s => s.Second > Fixed.Zero).Select(s => new Line
            {
                Name = $"Coupon {coupon.Code}",
                Amount = -s.Second,
                Rate = s.First.Rate,
                Charge = new()
                {
                    Kind = ChargeKind.Coupon,
                    Product = coupon.Code,
                    Ran = period,
                    Unit = money.Code,
                    Quantity = Fixed.One,
                    Each = -s.Second,
                    Amount = -s.Second,
                    Source = coupon.Id,
                    Tax = s.First.Tax,
                    Parts = [],
                },
            }));
        }

        return off;
    }
}
