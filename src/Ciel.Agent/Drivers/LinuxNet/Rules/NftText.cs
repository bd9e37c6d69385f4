using System.Text;

namespace Ciel.Agent.Drivers.LinuxNet;

/// <summary>Writes a ruleset that replaces the whole of Ciel's table of one family in one transaction.</summary>
internal sealed class NftText
{
    private readonly StringBuilder text = new();

    public static string Table(string family, Action<NftText> body)
    {
        var writer = new NftText();

        // Naming the table first makes the deletion succeed also where there is none yet.
        writer.text.Append($"table {family} ciel\ndelete table {family} ciel\ntable {family} ciel {{\n");
        body(writer);
        return writer.text.Append("}\n").ToString();
    }

    /// <summary>A chain; null lines are left out.</summary>
    public void Chain(string name, params IEnumerable<string?> lines)
    {
        text.Append($"  chain {name} {{\n");
        foreach (var line in lines)
        {
            if (line is not null)
            {
                text.Append($"    {line}\n");
            }
        }

        text.Append("  }\n");
    }

    public void Set(string name, string type, IEnumerable<string> elements) => text.Append(
        $"  set {name} {{\n    type {type}; flags interval; auto-merge; elements = {Braces(elements)}\n  }}\n");

    public static string Braces(IEnumerable<string> elements) => "{ " + string.Join(", ", elements) + " }";

    /// <summary>A lookup; null without elements, which nft would not read.</summary>
    public static string? Map(string key, IEnumerable<string> elements) => elements.ToArray() is { Length: > 0 } some
        ? $"{key} {Braces(some)}"
        : null;
}
