using System.Text.RegularExpressions;

namespace Ciel.Core.Store;

/// <summary>A statement in one database's words, with its parameters in the order of their first appearance.</summary>
/// <param name="Text">What the driver gets.</param>
/// <param name="Parameters">Names without the <c>@</c>.</param>
internal sealed partial record SqlText(string Text, IReadOnlyList<SqlText.Parameter> Parameters)
{
    internal sealed record Parameter(string Name, bool IsList);

    private static readonly Memo<(Dialect Dialect, string Sql), SqlText> Known = new(4096, key => Parse(key.Dialect, key.Sql));

    public static SqlText Of(Dialect dialect, string sql) => Known[(dialect, sql)];

    private static SqlText Parse(Dialect dialect, string sql)
    {
        var parameters = new List<Parameter>();
        var text = Tokens().Replace(sql, match =>
        {
            if (!match.Groups["name"].Success) return match.Value;
            var parameter = new Parameter(match.Groups["name"].Value, match.Groups["in"].Success);
            if (!parameters.Contains(parameter)) parameters.Add(parameter);
            var placeholder = dialect.Placeholder(parameter.Name, parameters.IndexOf(parameter) + 1);
            return parameter.IsList ? dialect.AnyOf(placeholder, match.Groups["not"].Success) : placeholder;
        });
        return new SqlText(text, parameters);
    }

    // Quoted text, quoted names and comments come first, so that nothing inside them is taken for a parameter.
    [GeneratedRegex(
        """'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|/\*.*?\*/|(?<in>(?<not>\bNOT\s+)?\bIN\s+)?@(?<name>[A-Za-z_]\w*)""",
        RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Tokens();
}
