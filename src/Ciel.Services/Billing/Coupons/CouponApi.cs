using System.Text.Json;
using System.Text.RegularExpressions;
using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Events;
using Ciel.Core.Http;
using Ciel.Core.Store;
using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Clock;
using Ciel.Services.Billing.Door;
using Ciel.Services.Billing.Prices;
using static Ciel.Services.Billing.Calendar.Micros;

namespace Ciel.Services.Billing.Coupons;

/// <summary>Routes of coupons: operators make them, who may see an account redeems them for it.</summary>
internal sealed partial class CouponApi(Db db, Ids ids, BookShelf shelf)
{
    public void Map(Routes routes)
    {
        routes.Get("/v1/coupons", List);
        routes.Post("/v1/coupons", Create);
        routes.Put("/v1/accounts/{id}/coupons/{code}", Redeem);
    }

    private async Task List(Call call)
    {
        call.Actor.RequireAdmin("billing:coupons:list");
        await call.Many("coupons", await db.Read(CouponStore.All, call.Cancel), Write);
    }

    private async Task Create(Call call)
    {
        call.Actor.RequireAdmin("billing:coupons:create");
        var input = (await call.Body()).Object("coupon");
        var (amount, percent, now, audit) = (input.OptionalExact("amount"), input.OptionalExact("percent"), await db.Now(call.Cancel), ids.Uuid());
        var coupon = new Coupon
        {
            Code = input.String("code", 3, 64, Code()),
            Currency = amount is null ? input.OptionalString("currency", 3, 3) : input.String("currency", 3, 3),
            Amount = amount?.ToString(),
            Percent = percent?.ToString(),
            Products = input.OptionalString("products") ?? "*",
            UsesLeft = input.OptionalInteger("uses", 1) ?? 1,
            FromAt = input.OptionalInstant("from") ?? now,
            ToAt = input.OptionalInstant("to") ?? now + (366 * Day),
        };
        input.Done();
        Check(input, coupon, amount, percent);
        var (_, book) = await db.Read(shelf.Current, call.Cancel);
        if (coupon.Products != "*" && !book.Products.Select(p => p.Id).Concat(book.Offers.Select(o => o.Id)).Any(id => id.Fits(coupon.Products)))
        {
            throw input.Refuse("products", coupon.Products, "no product and no offer of the price book is meant by it");
        }

        await db.Write(
            async tx =>
            {
                await tx.Dialect.HoldName(tx, "billing_coupon " + coupon.Code);
                if (await CouponStore.Find(tx, coupon.Code) is not null)
                {
                    throw Fault.Conflict($"There is a coupon {coupon.Code} already. Choose another code.");
                }

                await CouponStore.Insert(tx, coupon);
                await AuditLog.Note(tx, audit, call.Actor, "create", "billing-coupon", coupon.Code);
            },
            call.Cancel);
        await call.One("coupon", json => Write(json, coupon), 201);
    }

    private static void Check(Input input, Coupon coupon, Fixed? amount, Fixed? percent)
    {
        if ((amount is null) == (percent is null))
        {
            throw input.Refuse("amount", "", "a coupon has either an amount, with its currency, or a percent");
        }

        if (amount is null && coupon.Currency is not null)
        {
            throw input.Refuse("currency", coupon.Currency, "a percent is of any currency: leave it out");
        }

        if (percent is { } hundredths && (hundredths <= Fixed.Zero || hundredths > Fixed.Whole(100)))
        {
            throw input.Refuse("percent", "", "it must be above 0 and at most 100");
        }

        var money = coupon.Currency is { } code ? Currency.Find(code) ?? throw input.Refuse("currency", code, "use an ISO 4217 code such as EUR") : null;
        if (amount is { } sum && (sum <= Fixed.Zero || money!.Round(sum) != sum))
        {
            throw input.Refuse("amount", "", $"it must be above 0, with at most {money!.Decimals} decimals");
        }

        if (coupon.ToAt <= coupon.FromAt)
        {
            throw input.Refuse("to", "", "a coupon must end after it begins");
        }
    }

    // Twice by the same account changes nothing: it has it already.
    private async Task Redeem(Call call)
    {
        var (code, id, audit) = (call.Route("code"), ids.Uuid(), ids.Uuid());
        var account = await db.Read(r => call.Visible(r, call.Route("id")), call.Cancel);
        await db.Write(
            async tx =>
            {
                await tx.Dialect.HoldName(tx, $"billing_redemption {account.Id} {code}");
                if (await CouponStore.IsRedeemed(tx, account.Id, code))
                {
                    return;
                }

                var coupon = await CouponStore.Find(tx, code);
                if (coupon is null || (coupon.Currency is { } currency && currency != account.Currency) || account.ParentId is not null || !await CouponStore.Take(tx.At(account), code, account.IsSandbox))
                {
                    throw Fault.NotFound($"The coupon {code} cannot be redeemed: it does not exist, is not good now, has been used up, or is in another currency.");
                }

                await CouponStore.Redeem(tx.At(account), id, account.Id, code);
                await AuditLog.Note(tx, audit, call.Actor, "redeem", "billing-coupon", code, account.Id);
            },
            call.Cancel);
        await call.Empty(204);
    }

    private static void Write(Utf8JsonWriter json, Coupon coupon)
    {
        json.WriteStartObject();
        json.WriteString("code", coupon.Code);
        json.WriteString("currency", coupon.Currency);
        if (coupon.Amount is { } amount)
        {
            json.WriteExact("amount", amount);
        }

        if (coupon.Percent is { } percent)
        {
            json.WriteExact("percent", percent);
        }

        json.WriteString("products", coupon.Products);
        json.WriteNumber("uses_left", coupon.UsesLeft);
        json.WriteString("from", Instant.Text(coupon.FromAt));
        json.WriteString("to", Instant.Text(coupon.ToAt));
        json.WriteEndObject();
    }

    [GeneratedRegex("^[A-Za-z0-9-]+\\z")]
    private static partial Regex Code();
}
