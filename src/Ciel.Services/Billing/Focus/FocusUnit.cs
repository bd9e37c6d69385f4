using Ciel.Services.Billing.Prices;

namespace Ciel.Services.Billing.Focus;

/// <summary>Units of sale in FOCUS' unit format: <c>GiB-Hours</c>, <c>1000 Requests</c>, <c>GB</c>.</summary>
internal static class FocusUnit
{
    public static string Of(string unit)
    {
        var parsed = SaleUnit.Parse(unit);
        if (parsed is null)
        {
            return "Units";
        }

        var counted = IsBytes(parsed.Size) ? parsed.Size.Replace("kB", "KB", StringComparison.Ordinal) : Capital(parsed.Size);
        return parsed.Timed ? $"{counted}-{Capital(unit[(unit.LastIndexOf('-') + 1)..])}s"
            : $"{(parsed.Count > 1 ? $"{parsed.Count} " : "")}{(IsBytes(parsed.Size) || counted.EndsWith('s') ? counted : counted + "s")}";
    }

    private static bool IsBytes(string size) => size == "B" || size.EndsWith('B');

    private static string Capital(string word) => word.Any(char.IsUpper) ? word : char.ToUpperInvariant(word[0]) + word[1..];
}
