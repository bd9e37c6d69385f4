using Ciel.Services.Billing.Amounts;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Ciel.Services.Billing.Prices;

/// <summary>The price book as a file that people write: YAML, read strictly.</summary>
internal static class BookFile
{
    /// <summary>The longest file, bytes.</summary>
    public const int Longest = 4 << 20;

    private const int Deepest = 16;

    /// <summary>The book that a new cloud begins with.</summary>
    public static string Default { get; } = Embedded();

    /// <summary>Reads a book.</summary>
    /// <exception cref="BookMistake">Every mistake in it, a line each.</exception>
    public static PriceBook Read(string text)
    {
        var root = Root(text);
        var mistakes = new List<string>();
        var book = new PriceBook
        {
            Products = Entries(root, "products", ProductOf, mistakes),
            Prices = Entries(root, "prices", PriceOf, mistakes),
            Offers = Entries(root, "offers", OfferOf, mistakes),
            Contracts = Entries(root, "contracts", ContractOf, mistakes),
            Taxes = Entries(root, "taxes", TaxOf, mistakes),
        };
        Try(mistakes, () => { root.Done(); return true; });
        mistakes.AddRange(mistakes.Count == 0 ? BookRules.Broken(book) : []);
        return mistakes.Count == 0 ? book : throw new BookMistake(string.Join('\n', mistakes));
    }

    private static BookNode Root(string text)
    {
        if (text.Length > Longest)
        {
            throw new BookMistake($"The price book is longer than {Longest} characters.");
        }

        try
        {
            RefuseBombs(new Parser(new StringReader(text)));
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents is [{ RootNode: YamlMappingNode root }]
                ? new BookNode(root)
                : throw new BookMistake("The price book must be one YAML document of named lists: products, prices, offers, contracts, taxes.");
        }
        catch (YamlException wrong)
        {
            throw new BookMistake($"Line {wrong.Start.Line}: this is not YAML: {wrong.Message}");
        }
    }

    // An alias makes one line change many, and a few of them make a book of gigabytes; what lies too deep ends the stack, and with it the program.
    private static void RefuseBombs(Parser parser)
    {
        for (var depth = 0; parser.MoveNext();)
        {
            depth += parser.Current!.NestingIncrease;
            if (depth > Deepest)
            {
                throw new BookMistake($"Line {parser.Current.Start.Line}: lists and entries stand in one another deeper than a price book goes.");
            }

            if (parser.Current is AnchorAlias alias)
            {
                throw new BookMistake($"Line {alias.Start.Line}: write the entry out; aliases (*name) are not read.");
            }
        }
    }

    private static List<T> Entries<T>(BookNode root, string name, Func<BookNode, T> read, List<string> mistakes)
    {
        var entries = new List<T>();
        foreach (var node in Try(mistakes, () => root.List(name)) ?? [])
        {
            if (Try(mistakes, () => { var entry = (Found: true, Value: read(node)); node.Done(); return entry; }) is { Found: true, Value: var value })
            {
                entries.Add(value);
            }
        }

        return entries;
    }

    private static T? Try<T>(List<string> mistakes, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (BookMistake mistake)
        {
            mistakes.Add(mistake.Message);
            return default;
        }
    }

    private static Product ProductOf(BookNode node)
    {
        var quantity = node.Optional("quantity")?.Split(' ');
        var unit = SaleUnit.Parse(node.Text("unit")) ?? throw node.Wrong("'unit' must be such as GB-hour, vCPU-hour, address-hour, GB or 1000 requests; times are second, minute, hour, day, month (730 hours)");
        if (quantity is { Length: not 2 })
        {
            throw node.Wrong("'quantity' must be an attribute of the meter and its unit, such as 'memory_mib MiB'");
        }

        return quantity is [_, var of] && !unit.Takes(of) ? throw node.Wrong($"what is counted in {of} cannot be sold by '{unit.Text}': name the same unit in both, or sizes of bytes") : new()
        {
            Id = node.Id("id"),
            Name = node.Text("name"),
            Meter = node.Text("meter"),
            Where = node.Map("where"),
            Attribute = quantity?[0],
            AttributeUnit = quantity?[1],
            Unit = unit,
            Tax = node.Optional("tax") ?? "standard",
            Service = node.Choice("service", [.. Services]),
        };
    }

    // FOCUS' ServiceCategory; the first is the default.
    private static readonly string[] Services =
    [
        "Other", "AI and Machine Learning", "Analytics", "Business Applications", "Compute", "Databases", "Developer Tools", "Multicloud", "Identity",
        "Integration", "Internet of Things", "Management and Governance", "Media", "Migration", "Mobile", "Networking", "Security", "Storage", "Web",
    ];

    private static Price PriceOf(BookNode node)
    {
        var steps = node.List("steps").Select(step =>
        {
            var made = new PriceStep(step.OptionalNumber("up to"), step.Number("price"));
            step.Done();
            return made;
        }).ToList();
        var each = node.OptionalNumber("price");
        var free = node.OptionalNumber("free");
        if ((each is null) == (steps.Count == 0) || (free is not null && each is null))
        {
            throw node.Wrong("a price has either 'price' (with 'free' or without), or 'steps'");
        }

        return new()
        {
            Product = node.Id("product"),
            Currency = CurrencyOf(node),
            Contract = node.Optional("contract"),
            From = node.Instant("from"),
            Tiering = node.Choice("tiers", "graduated", "volume") == "volume" ? Tiering.Volume : Tiering.Graduated,
            Steps = each is not { } price ? steps : free is { } allowance ? [new(allowance, Fixed.Zero), new(null, price)] : [new(null, price)],
        };
    }

    private static Offer OfferOf(BookNode node)
    {
        var kind = node.Choice("kind", "subscription", "package", "reservation", "savings-plan");
        var every = node.Choice("every", "month", "year");
        return new()
        {
            Id = node.Id("id"),
            Name = node.Text("name"),
            Kind = kind switch { "package" => OfferKind.Package, "reservation" => OfferKind.Reservation, "savings-plan" => OfferKind.SavingsPlan, _ => OfferKind.Subscription },
            Currency = CurrencyOf(node),
            Price = node.Number("price"),
            Months = kind == "subscription" ? (every == "year" ? 12 : 1) : Months(node),
            Product = kind == "subscription" ? "" : node.Text("product"),
            Quantity = kind == "package" ? Quantity(node) : Fixed.One,
            Percent = kind == "savings-plan" ? node.Percent("percent") : Fixed.Zero,
            Tax = node.Optional("tax") ?? "standard",
            From = node.Instant("from"),
        };
    }

    private static int Months(BookNode node) => node.Number("months") is var months && months == months.Rounded(0) && months > Fixed.Zero && months <= Fixed.Whole(120)
        ? (int)(months.Units / Fixed.One.Units)
        : throw node.Wrong("'months' must be 1 to 120");

    private static Fixed Quantity(BookNode node) => node.Number("quantity") is var quantity && quantity > Fixed.Zero ? quantity : throw node.Wrong("'quantity' must be above 0");

    private static string CurrencyOf(BookNode node) =>
        (Currency.Find(node.Text("currency")) ?? throw node.Wrong("'currency' must be an ISO 4217 code such as EUR")).Code;

    private static Contract ContractOf(BookNode node) => new(node.Id("id"), node.Text("name"), [.. node.List("discounts").Select(entry =>
    {
        var discount = new Discount(entry.Optional("products") ?? "*", entry.Percent("percent"), entry.Instant("from"), entry.OptionalInstant("to"));
        entry.Done();
        return discount;
    })]);

    private static TaxRate TaxOf(BookNode node) => new()
    {
        Class = node.Optional("class") ?? "standard",
        Country = node.Text("country") is var country && (country == "*" || (country.Length == 2 && country.All(char.IsAsciiLetterUpper)))
            ? country
            : throw node.Wrong($"'country' is '{country}': use two capital letters such as DE, or \"*\" for all others"),
        Business = node.Choice("customers", "all", "business", "private") switch { "business" => true, "private" => false, _ => null },
        Percent = node.Percent("percent"),
        Category = node.Choice("category", "S", "Z", "E", "AE", "K", "G", "O"),
        Reason = node.Optional("reason"),
        From = node.Instant("from"),
    };

    private static string Embedded()
    {
        using var stream = typeof(BookFile).Assembly.GetManifestResourceStream("default-prices.yaml")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
