namespace Ciel.Services.Billing.Notices;

/// <summary>Where an account wants its notices.</summary>
internal sealed record Webhook
{
    public required string AccountId { get; init; }

    public required string Url { get; init; }

    /// <summary>What signs, sealed.</summary>
    public required string Secret { get; init; }

    /// <summary>µs UTC.</summary>
    public long CreatedAt { get; init; }
}
