namespace Ciel.Services.Billing.Accounts;

/// <summary>A legal entity that issues invoices, numbered without a gap.</summary>
internal sealed record Entity
{
    /// <summary>The entity that every cloud has.</summary>
    public const string Default = "default";

    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Its name, as invoices say it.</summary>
    public required string Name { get; init; }

    /// <summary>ISO 3166-1 alpha-2.</summary>
    public string Country { get; init; } = "";

    /// <summary>Its own tax number.</summary>
    public string? TaxNumber { get; init; }

    /// <summary>Address, e-mail, bank account, JSON.</summary>
    public string Details { get; init; } = "{}";

    /// <summary>What its invoice numbers begin with.</summary>
    public required string Prefix { get; init; }

    /// <summary>The last number that it gave.</summary>
    public long LastNumber { get; init; }
}
