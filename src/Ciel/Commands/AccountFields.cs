using System.CommandLine;

namespace Ciel.Commands;

/// <summary>What can be said of an account on the command line.</summary>
internal sealed class AccountFields
{
    private readonly Option<string?> _currency = new("--currency") { Description = "ISO 4217; EUR where nothing is said." };
    private readonly Option<string?> _zone = new("--zone") { Description = "The time zone whose months are billed, such as Europe/Berlin; UTC where nothing is said." };
    private readonly Option<string?> _country = new("--country") { Description = "Where the customer is taxed, such as DE." };
    private readonly Option<string?> _taxNumber = new("--tax-number") { Description = "The number by which a business is taxed." };
    private readonly Option<string?> _entity = new("--entity") { Description = "The legal entity that issues its invoices." };
    private readonly Option<int?> _terms = new("--terms") { Description = "Days from an invoice to when it is due; 14 where nothing is said." };
    private readonly Option<bool?> _prepaid = new("--prepaid") { Description = "Pay ahead: the balance is drawn from each hour, and services stop when it is used up." };
    private readonly Option<string?> _low = new("--low-balance") { Description = "Below which balances a prepaid account gets a notice, such as 50,20,5." };
    private readonly Option<string?> _release = new("--release-after") { Description = "After how many days of standing still (at least 30) servers, networks and addresses are deleted for good, or never. Never where nothing is said." };
    private readonly Option<string[]> _details = new("--detail") { Description = "More for the invoice, such as street=\"Main Street 1\", city=…, postcode=…, email=…; any number of them." };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_currency, _zone, _country, _taxNumber, _entity, _terms, _prepaid, _low, _release, _details])
        {
            command.Add(option);
        }
    }

    /// <summary>What was said, by the API's names.</summary>
    public Dictionary<string, object> Of(ParseResult parsed)
    {
        var fields = new Dictionary<string, object>();
        void Take(string name, object? value)
        {
            if (value is not null)
            {
                fields[name] = value;
            }
        }

        Take("currency", parsed.GetValue(_currency));
        Take("zone", parsed.GetValue(_zone));
        Take("country", parsed.GetValue(_country));
        Take("tax_number", parsed.GetValue(_taxNumber));
        Take("entity", parsed.GetValue(_entity));
        Take("terms_days", parsed.GetValue(_terms));
        Take("prepaid", parsed.GetValue(_prepaid));
        Take("low_balance", parsed.GetValue(_low));
        if (parsed.GetValue(_release) is { } release)
        {
            fields["release_after_days"] = release == "never" ? null! : int.TryParse(release, out var days) ? days : throw new UserErrorException("--release-after is a number of days, or never.");
        }

        if (parsed.GetValue(_details) is { Length: > 0 } details)
        {
            fields["details"] = details.Select(d => d.Split('=', 2)).ToDictionary(
                d => d[0], d => d.Length == 2 ? d[1] : throw new UserErrorException($"--detail is NAME=VALUE; '{d[0]}' has no value."));
        }

        return fields;
    }
}
