using Ciel.Core.Store;
using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Calendar;

namespace Ciel.Services.Billing.Coupons;

/// <summary>The SQL of coupons.</summary>
internal static class CouponStore
{
    public static Task<List<Coupon>> All(Reader reader) => reader.Query<Coupon>("SELECT * FROM billing_coupon ORDER BY code");

    public static Task<Coupon?> Find(Reader reader, string code) => reader.First<Coupon>("SELECT * FROM billing_coupon WHERE code = @code", new { code });

    public static Task Insert(Tx tx, Coupon coupon) => tx.Execute(
        """
        INSERT INTO billing_coupon (code, currency, amount, percent, products, uses_left, from_at, to_at)
        VALUES (@Code, @Currency, @Amount, @Percent, @Products, @UsesLeft, @FromAt, @ToAt)
        """,
        coupon);

    /// <summary>Takes one use, if there is one left and the coupon is good now. A sandbox tries it and takes none.</summary>
    public static async Task<bool> Take(Tx tx, string code, bool onlyTried) => await tx.Execute(
        $"UPDATE billing_coupon SET uses_left = uses_left - {(onlyTried ? 0 : 1)} WHERE code = @code AND uses_left > 0 AND from_at <= @Now AND to_at > @Now", new { code, tx.Now }) == 1;

    public static Task Redeem(Tx tx, string id, string account, string code) => tx.Execute(
        "INSERT INTO billing_redemption (id, account_id, code, redeemed_at) VALUES (@id, @account, @code, @Now)", new { id, account, code, tx.Now });

    public static async Task<bool> IsRedeemed(Reader reader, string account, string code) =>
        await reader.Scalar<long>("SELECT COUNT(*) FROM billing_redemption WHERE account_id = @account AND code = @code", new { account, code }) > 0;

    /// <summary>The coupons that an account holds and that are good within a period, with what the invoices of other periods have left of them.</summary>
    public static async Task<IReadOnlyList<HeldCoupon>> Held(Reader reader, string account, string currency, Period period)
    {
        var spent = (await reader.Query<Spent>(
                """
                SELECT l.source AS source, l.amount AS amount FROM billing_invoice i JOIN billing_line l ON l.invoice_id = i.id
                WHERE i.account_id = @account AND l.kind = 'coupon'
                """,
                new { account }))
            .GroupBy(s => s.Source).ToDictionary(g => g.Key, g => -g.Sum(s => Fixed.Parse(s.Amount)));
        var held = await reader.Query<Row>(
            """
            SELECT r.id AS id, c.code AS code, c.amount AS amount, c.percent AS percent, c.products AS products
            FROM billing_redemption r JOIN billing_coupon c ON c.code = r.code
            WHERE r.account_id = @account AND c.from_at < @To AND c.to_at > @From AND (c.currency IS NULL OR c.currency = @currency)
            ORDER BY r.redeemed_at, r.id
            """,
            new { account, currency, period.From, period.To });
        return [.. held.Select(h => new HeldCoupon(
                h.Id, h.Code, h.Amount is { } amount ? Fixed.Parse(amount) - spent.GetValueOrDefault(h.Id) : null, h.Percent is { } percent ? Fixed.Parse(percent) : null, h.Products))
            .Where(h => h.Left is null || h.Left > Fixed.Zero)];
    }

    private sealed record Row
    {
        public required string Id { get; init; }

        public required string Code { get; init; }

        public string? Amount { get; init; }

        public string? Percent { get; init; }

        public required string Products { get; init; }
    }

    private sealed record Spent
    {
        public required string Source { get; init; }

        public required string Amount { get; init; }
    }
}
