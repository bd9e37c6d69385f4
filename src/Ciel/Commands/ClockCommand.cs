using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ciel.Commands;

/// <summary>`ciel clock`: a sandbox's own time, and the usage in it.</summary>
internal static class ClockCommand
{
    public static Command Make(Globals globals, TimeProvider time) => new("clock", "Run a sandbox (`ciel account create NAME --sandbox`) through months in seconds.")
    {
        Show(globals), Advance(globals, time), Use(globals), Replay(globals),
    };

    private static Command Show(Globals globals)
    {
        var account = Account();
        var command = new Command("show", "Show where a sandbox's clock stands, and its projects.") { account };
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            Output.Fields(parsed.GetValue(globals.Json), (await cloud.Get(Path(parsed.GetValue(account)!), cancel)).GetProperty("clock"));
        });
        return command;
    }

    private static Command Advance(Globals globals, TimeProvider time)
    {
        var account = Account();
        var to = new Option<string>("--to") { Description = "Until when, such as 2027-03-01 or 2027-03-01T06:00:00Z.", Required = true };
        var command = new Command("advance", "Let a sandbox's time pass: each hour is settled, each month invoiced, arrears and notices follow, as with real accounts.") { account, to };
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            var path = Path(parsed.GetValue(account)!);
            var clock = (await cloud.Post(path, new { clock = new { to = parsed.GetValue(to) } }, cancel)).GetProperty("clock");
            for (var shown = ""; clock.GetProperty("status").GetString() == "advancing"; clock = (await cloud.Get(path, cancel)).GetProperty("clock"))
            {
                shown = Progressed(clock, shown);
                await Task.Delay(TimeSpan.FromMilliseconds(200), time, cancel);
            }

            Output.Fields(parsed.GetValue(globals.Json), clock);
        });
        return command;
    }

    // A line for each day at most.
    private static string Progressed(JsonElement clock, string shown)
    {
        var line = $"{clock.GetProperty("now").GetString()![..10]}  {clock.GetProperty("state").GetString()}  invoiced until {clock.GetProperty("invoiced_until").GetString()![..10]}";
        if (line != shown)
        {
            Console.Error.WriteLine(line);
        }

        return line;
    }

    private static Command Use(Globals globals)
    {
        var (account, project) = (Account(), new Argument<string>("project") { Description = "A project of the sandbox, by any name; it is made where it is not there." });
        var resource = new Argument<string>("resource") { Description = "What ran or was counted, by any name." };
        var meter = new Option<string>("--meter") { Description = "Such as server.running, server.disk, address.public, object.stored.", DefaultValueFactory = _ => "server.running" };
        var unit = new Option<string>("--unit") { Description = "The meter's unit, such as server, GiB, address, B.", DefaultValueFactory = _ => "server" };
        var quantity = new Option<long>("--quantity") { Description = "How much of the unit.", DefaultValueFactory = _ => 1 };
        var attribute = new Option<string[]>("--attribute") { Description = "What its price depends on, such as vcpus=2, memory_mib=4096, flavor=m1.small; any number of them." };
        var from = new Option<string?>("--from") { Description = "Since when it ran." };
        var to = new Option<string?>("--to") { Description = "Until when it ran; left out: it runs on." };
        var at = new Option<string?>("--at") { Description = "When it was counted, instead of --from." };
        var command = new Command("use", "Give a sandbox usage: what ran, or was counted. It is on no ledger but the sandbox's.") { account, project, resource, meter, unit, quantity, attribute, from, to, at };
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            var one = new
            {
                project = parsed.GetValue(project),
                resource = parsed.GetValue(resource),
                meter = parsed.GetValue(meter),
                unit = parsed.GetValue(unit),
                quantity = parsed.GetValue(quantity),
                attributes = (parsed.GetValue(attribute) ?? []).Select(a => a.Split('=', 2)).ToDictionary(a => a[0], a => Value(a.Length == 2 ? a[1] : "")),
                from = parsed.GetValue(from),
                to = parsed.GetValue(to),
                at = parsed.GetValue(at),
            };
            Output.Fields(parsed.GetValue(globals.Json), (await cloud.Post(Path(parsed.GetValue(account)!) + "/usage", new { usage = new[] { one } }, cancel)).GetProperty("clock"));
        });
        return command;
    }

    // The ledger says numbers as numbers.
    private static JsonValue Value(string text) => long.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number) : JsonValue.Create(text);

    private static Command Replay(Globals globals)
    {
        const int Each = 500;
        var account = Account();
        var file = new Argument<FileInfo>("file") { Description = "JSON lines, each {\"project\", \"resource\", \"meter\", \"unit\", \"quantity\", \"attributes\", \"from\", \"to\"}, or \"at\" instead of \"from\"." };
        var command = new Command("replay", "Give a sandbox all usage of a file; what lies ahead of its clock waits for it.") { account, file };
        command.SetAction(async (parsed, cancel) =>
        {
            var usage = Usage(await File.ReadAllLinesAsync(parsed.GetValue(file)!.FullName, cancel));
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            var clock = default(JsonElement);
            foreach (var some in usage.Chunk(Each))
            {
                clock = (await cloud.Post(Path(parsed.GetValue(account)!) + "/usage", new { usage = some }, cancel)).GetProperty("clock");
            }

            Output.Fields(parsed.GetValue(globals.Json), clock.ValueKind == JsonValueKind.Object ? clock : throw new UserErrorException("The file has no lines."));
        });
        return command;
    }

    /// <summary>The usage that a file's lines say; all are read before any is given.</summary>
    /// <exception cref="UserErrorException">A line is not JSON.</exception>
    public static IReadOnlyList<JsonNode> Usage(IEnumerable<string> lines) => [.. lines.Index().Where(l => l.Item.Trim().Length > 0).Select(l => Parse(l.Index + 1, l.Item))];

    private static JsonNode Parse(int number, string line)
    {
        try
        {
            return JsonNode.Parse(line)!;
        }
        catch (JsonException)
        {
            throw new UserErrorException($"Line {number} is not JSON: {line}. Nothing of the file has been given; mend the line and replay it.");
        }
    }

    private static Argument<string> Account() => new("account") { Description = "The sandbox's id." };

    private static string Path(string account) => AccountPath.Of(account) + "/clock";
}
