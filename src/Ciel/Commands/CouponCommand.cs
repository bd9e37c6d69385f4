using System.CommandLine;

namespace Ciel.Commands;

/// <summary>`ciel coupon`: codes that take something off a bill.</summary>
internal static class CouponCommand
{
    private static readonly string[] Columns = ["code", "amount", "currency", "percent", "products", "uses_left", "from", "to"];

    public static Command Make(Globals globals) => new("coupon", "List, make and redeem coupons.") { List(globals), Create(globals), Redeem(globals) };

    private static Command List(Globals globals)
    {
        var command = new Command("list", "List coupons.");
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            Print(globals, parsed, (await cloud.Get("/billing/v1/coupons", cancel)).GetProperty("coupons").EnumerateArray());
        });
        return command;
    }

    private static Command Create(Globals globals)
    {
        var code = new Argument<string>("code") { Description = "What customers type: letters, digits, dashes." };
        var amount = new Option<string?>("--amount") { Description = "An amount off, spread over as many invoices as it lasts; with --currency." };
        var currency = new Option<string?>("--currency") { Description = "The amount's currency." };
        var percent = new Option<string?>("--percent") { Description = "Hundredths off, while it is good." };
        var products = new Option<string?>("--products") { Description = "Only of these: a product's id or a pattern with *." };
        var uses = new Option<int>("--uses") { Description = "How many accounts may redeem it.", DefaultValueFactory = _ => 1 };
        var to = new Option<string?>("--to") { Description = "Until when it is good; left out: a year and a day." };
        var command = new Command("create", "Make a coupon.") { code, amount, currency, percent, products, uses, to };
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            var coupon = new
            {
                code = parsed.GetValue(code),
                amount = parsed.GetValue(amount),
                currency = parsed.GetValue(currency),
                percent = parsed.GetValue(percent),
                products = parsed.GetValue(products),
                uses = parsed.GetValue(uses),
                to = parsed.GetValue(to),
            };
            Print(globals, parsed, [(await cloud.Post("/billing/v1/coupons", new { coupon }, cancel)).GetProperty("coupon")]);
        });
        return command;
    }

    private static Command Redeem(Globals globals)
    {
        var code = new Argument<string>("code") { Description = "The coupon." };
        var account = new Option<string>("--account") { Description = "Whose.", DefaultValueFactory = _ => "default" };
        var command = new Command("redeem", "Redeem a coupon for an account.") { code, account };
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            await cloud.Send(HttpMethod.Put, $"{AccountPath.Of(parsed.GetValue(account)!)}/coupons/{Uri.EscapeDataString(parsed.GetValue(code)!)}", null, cancel);
        });
        return command;
    }

    private static void Print(Globals globals, ParseResult parsed, IEnumerable<System.Text.Json.JsonElement> coupons) =>
        Output.Things(parsed.GetValue(globals.Json), Columns, coupons);
}
