using System.CommandLine;

namespace Ciel.Commands;

/// <summary>`ciel payments`: the ways in which customers pay.</summary>
internal static class PaymentsCommand
{
    public static Command Make(Globals globals) => new("payments", "List the ways in which customers pay, and let a provider tell of payments.") { List(globals), Secret(globals) };

    private static Command List(Globals globals)
    {
        string[] columns = ["name", "events", "ready"];
        var command = new Command("list", "List payment providers, and where they send what they tell.");
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            var providers = (await cloud.Get("/billing/v1/payment-providers", cancel)).GetProperty("payment_providers").EnumerateArray();
            Output.Things(parsed.GetValue(globals.Json), columns, providers);
        });
        return command;
    }

    private static Command Secret(Globals globals)
    {
        var provider = new Argument<string>("provider") { Description = "Its name, such as webhook." };
        var command = new Command("secret", "Make a new secret, with which the provider signs (standardwebhooks.com). It is shown once; the one before is good no more.") { provider };
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            var made = await cloud.Send(HttpMethod.Post, $"/billing/v1/payment-providers/{Uri.EscapeDataString(parsed.GetValue(provider)!)}/secret", null, cancel);
            Output.Fields(parsed.GetValue(globals.Json), made.GetProperty("payment_provider"));
        });
        return command;
    }
}
