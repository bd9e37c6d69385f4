using System.Text;
using Ciel.Core.Errors;

namespace Ciel.Services.Images;

/// <summary>Reads lists in filters: <c>in:a,"b,c",d</c>.</summary>
internal static class ImageFilters
{
    /// <summary>The values; quotes keep a comma within one.</summary>
    public static IReadOnlyList<string> InList(string text)
    {
        var values = new List<string>();
        var current = new StringBuilder();
        var quoted = false;
        foreach (var c in text)
        {
            if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == ',' && !quoted)
            {
                values.Add(current.ToString());
                current.Clear();
            }
            else
            {
                current.Append(c);
            }
        }

        values.Add(current.ToString());
        return quoted ? throw Fault.BadRequest($"Invalid filter value {text}. The quote is not closed.") : values;
    }
}
