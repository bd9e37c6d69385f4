using System.IO.Enumeration;

namespace Ciel.Services.Billing.Prices;

/// <summary>Patterns of the price book, of offers and of coupons: <c>*</c> stands for anything, <c>?</c> for one character.</summary>
internal static class Pattern
{
    /// <summary>Whether a text, such as a product's id, is one that a pattern means. Case matters.</summary>
    public static bool Fits(this string text, string pattern) => FileSystemName.MatchesSimpleExpression(pattern, text, ignoreCase: false);
}
