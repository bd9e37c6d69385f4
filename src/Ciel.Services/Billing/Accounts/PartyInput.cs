using System.Net.Mail;
using System.Text.RegularExpressions;
using Ciel.Core.Http;

namespace Ciel.Services.Billing.Accounts;

/// <summary>What is read in the same way of both sides of an invoice: of accounts, and of the entities that issue.</summary>
internal static partial class PartyInput
{
    private const string Email = "email";
    private const string Plain = "write it on one line, without control characters";

    /// <summary>What ids of accounts and entities look like.</summary>
    [GeneratedRegex("^[a-z0-9][a-z0-9.-]*\\z")]
    public static partial Regex Id();

    /// <summary>The country, or the one before where nothing is said; empty for none.</summary>
    /// <exception cref="Core.Errors.Fault">400 where it is no ISO 3166-1 alpha-2.</exception>
    public static string Country(Input input, string before)
    {
        var country = input.OptionalString("country", 0, 2) ?? before;
        return country.Length == 0 || Iso3166().IsMatch(country) ? country : throw input.Refuse("country", country, "use two capital letters such as DE");
    }

    /// <summary>The tax number, or the one before where nothing is said; null for none.</summary>
    /// <param name="input">What was sent.</param>
    /// <param name="before">The one before.</param>
    /// <param name="country">Where the party is taxed.</param>
    /// <exception cref="Core.Errors.Fault">400 where it looks like a VAT number and is none.</exception>
    public static string? TaxNumber(Input input, string? before, string country)
    {
        if (!input.Has("tax_number"))
        {
            return before;
        }

        var number = input.OptionalString("tax_number", 1, 64);
        return number is not null && VatNumber.Wrong(number, country) is { } wrong ? throw input.Refuse("tax_number", number, wrong) : number;
    }

    /// <summary>The name, or the one before where nothing is said.</summary>
    /// <exception cref="Core.Errors.Fault">400 where it has control characters, which no XML can bear.</exception>
    public static string Name(Input input, string before)
    {
        var name = input.OptionalString("name", 1) ?? before;
        return name.Any(char.IsControl) ? throw input.Refuse("name", name, Plain) : name;
    }

    /// <summary>Address and the like, by their names; null where nothing is said.</summary>
    /// <exception cref="Core.Errors.Fault">400 where one has control characters, or the e-mail address is none, or several: what is written there goes on an envelope.</exception>
    public static IReadOnlyDictionary<string, string>? Details(Input input)
    {
        var details = input.OptionalMap("details");
        if (details?.FirstOrDefault(d => d.Value.Any(char.IsControl)) is { Key: { } field })
        {
            throw input.Refuse("details." + field, details[field], Plain);
        }

        return details?.GetValueOrDefault(Email) is { Length: > 0 } email && !IsAddress(email)
            ? throw input.Refuse("details." + Email, email, "write one e-mail address, such as books@acme.example")
            : details;
    }

    private static bool IsAddress(string text) =>
        !text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || ",;\"<>()".Contains(c)) && MailAddress.TryCreate(text, out var address) && address.Address == text;

    [GeneratedRegex("^[A-Z]{2}\\z")]
    private static partial Regex Iso3166();
}
