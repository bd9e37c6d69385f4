using System.CommandLine;

namespace Ciel.Commands;

/// <summary>What can be said of a legal entity on the command line.</summary>
internal sealed class EntityFields(bool create)
{
    private readonly (string Field, Option<string?> Option)[] _fields =
    [
        ("name", new("--name") { Description = "Its legal name, as invoices say it.", Required = create }),
        ("prefix", new("--prefix") { Description = "What its invoice numbers begin with, such as ACME-; fixed once it has issued one.", Required = create }),
        ("country", new("--country") { Description = "Where it is, such as DE." }),
        ("tax_number", new("--tax-number") { Description = "Its own tax number, such as DE123456789." }),
    ];

    private readonly (string Detail, Option<string?> Option)[] _details =
    [
        ("street", new("--street") { Description = "Street and number." }),
        ("postcode", new("--postcode") { Description = "Postcode." }),
        ("city", new("--city") { Description = "Town." }),
        ("region", new("--region") { Description = "State or province, where addresses have one." }),
        ("email", new("--email") { Description = "Where customers ask about invoices." }),
        ("phone", new("--phone") { Description = "Telephone." }),
        ("contact", new("--contact") { Description = "Whom customers ask." }),
        ("registration", new("--registration") { Description = "Number in the register of companies." }),
        ("bank", new("--bank") { Description = "The bank's name." }),
        ("iban", new("--iban") { Description = "Where invoices are paid to." }),
        ("bic", new("--bic") { Description = "The bank's code." }),
    ];

    public void AddTo(Command command)
    {
        foreach (var (_, option) in _fields.Concat(_details))
        {
            command.Add(option);
        }
    }

    /// <summary>What was said, by the API's names.</summary>
    public Dictionary<string, object> Of(ParseResult parsed)
    {
        var fields = Said(parsed, _fields).ToDictionary(f => f.Name, f => (object)f.Value);
        if (Said(parsed, _details).ToDictionary(f => f.Name, f => f.Value) is { Count: > 0 } details)
        {
            fields["details"] = details;
        }

        return fields;
    }

    private static IEnumerable<(string Name, string Value)> Said(ParseResult parsed, IEnumerable<(string Name, Option<string?> Option)> options) =>
        from o in options let value = parsed.GetValue(o.Option) where value is not null select (o.Name, value);
}
