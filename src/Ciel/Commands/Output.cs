using System.Text.Json;
using Spectre.Console;

namespace Ciel.Commands;

/// <summary>Prints a list: a plain table for people, JSON for machines.</summary>
internal static class Output
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Prints rows under their headings.</summary>
    public static void Table(bool json, IReadOnlyList<string> headings, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        if (json)
        {
            Json(rows.Select(r => headings.Zip(r).ToDictionary(p => p.First, p => p.Second)).ToArray());
            return;
        }

        var table = new Table().Border(TableBorder.None);
        foreach (var heading in headings)
        {
            table.AddColumn(new TableColumn(new Markup($"[bold]{Markup.Escape(heading)}[/]")).NoWrap().PadRight(2));
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(c => new Text(c)));
        }

        // A pipe has no width: never cut what another program may read.
        AnsiConsole.Profile.Width = Console.IsOutputRedirected ? 400 : AnsiConsole.Profile.Width;
        AnsiConsole.Write(table);
    }

    /// <summary>Prints some fields of things under their names; for machines the things as they are.</summary>
    public static void Things(bool json, IReadOnlyList<string> fields, IEnumerable<JsonElement> things)
    {
        if (json)
        {
            Json(things);
            return;
        }

        Table(false, fields, [.. things.Select(t => (string[])[.. fields.Select(f => t.TryGetProperty(f, out var value) ? value.ToString() : "")])]);
    }

    /// <summary>Prints one thing: its fields for people, JSON for machines.</summary>
    public static void Fields(bool json, JsonElement thing)
    {
        if (json)
        {
            Json(thing);
            return;
        }

        Table(false, ["field", "value"], [.. thing.EnumerateObject().Select(f => (string[])[f.Name, f.Value.ToString()])]);
    }

    /// <summary>Prints one thing as JSON.</summary>
    public static void Json(object value) => Console.WriteLine(JsonSerializer.Serialize(value, Indented));
}
