using System.CommandLine;

namespace Ciel.Commands;

/// <summary>`ciel entity`: who issues invoices.</summary>
internal static class EntityCommand
{
    private const string Entities = "/billing/v1/entities";
    private static readonly string[] Columns = ["id", "name", "country", "tax_number", "prefix", "last_number"];

    public static Command Make(Globals globals) =>
        new("entity", "List, make and change the legal entities that issue invoices.") { List(globals), Show(globals), Create(globals), Set(globals) };

    private static Command List(Globals globals)
    {
        var command = new Command("list", "List those who issue invoices.");
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            var entities = (await cloud.Get(Entities, cancel)).GetProperty("entities").EnumerateArray();
            Output.Things(parsed.GetValue(globals.Json), Columns, entities);
        });
        return command;
    }

    private static Command Show(Globals globals)
    {
        var id = Id();
        var command = new Command("show", "Show one.") { id };
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            Output.Fields(parsed.GetValue(globals.Json), (await cloud.Get($"{Entities}/{Uri.EscapeDataString(parsed.GetValue(id)!)}", cancel)).GetProperty("entity"));
        });
        return command;
    }

    private static Command Create(Globals globals)
    {
        var id = new Argument<string>("id") { Description = "A short name for it, such as acme-de: small letters, digits, dashes." };
        var fields = new EntityFields(create: true);
        var command = new Command("create", "Make an entity that issues invoices, numbered by itself.") { id };
        fields.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            var entity = fields.Of(parsed);
            entity["id"] = parsed.GetValue(id)!;
            Output.Fields(parsed.GetValue(globals.Json), (await cloud.Post(Entities, new { entity }, cancel)).GetProperty("entity"));
        });
        return command;
    }

    private static Command Set(Globals globals)
    {
        var id = Id();
        var fields = new EntityFields(create: false);
        var command = new Command("set", "Change what the next invoices say of who issues them.") { id };
        fields.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            var path = $"{Entities}/{Uri.EscapeDataString(parsed.GetValue(id)!)}";
            Output.Fields(parsed.GetValue(globals.Json), (await cloud.Send(HttpMethod.Patch, path, new { entity = fields.Of(parsed) }, cancel)).GetProperty("entity"));
        });
        return command;
    }

    private static Argument<string> Id() => new("id") { Description = "The entity's id; `default` is the one that every cloud has." };
}
