using static Ciel.Services.Billing.Calendar.Micros;

namespace Ciel.Services.Billing.Notices;

/// <summary>A notice on its way to somebody: written with it, kept until it is taken or given up.</summary>
internal sealed record Delivery
{
    /// <summary>To the account's webhook.</summary>
    public const string Webhook = "webhook";

    /// <summary>To the customer's e-mail address.</summary>
    public const string Mail = "mail";


    /// <summary>How long it is tried, µs.</summary>
    public const long Lifetime = 72 * Hour;

    public required string Id { get; init; }

    public required string AccountId { get; init; }

    public required string NoticeId { get; init; }

    /// <summary><see cref="Webhook"/> or <see cref="Mail"/>.</summary>
    public required string Channel { get; init; }

    /// <summary>The address, for mail; a webhook's is the one that is set when it is sent.</summary>
    public required string Target { get; init; }

    /// <summary><c>pending, delivered, given-up</c>.</summary>
    public string State { get; init; } = "pending";

    public long Attempts { get; init; }

    /// <summary>µs UTC.</summary>
    public long NextAt { get; init; }

    /// <summary>µs UTC.</summary>
    public long CreatedAt { get; init; }

    /// <summary>Why it has not been taken; null where it has, or was not tried yet.</summary>
    public string? Error { get; init; }

    /// <summary>After an attempt at an instant: taken, given up, or to be tried again after 10 s, 20 s and so on to six hours.</summary>
    /// <param name="error">Why it was not taken; null where it was.</param>
    /// <param name="now">µs UTC.</param>
    /// <param name="gone">Whether nobody will ever take it: it is given up at once.</param>
    public Delivery After(string? error, long now, bool gone = false) => this with
    {
        State = error is null ? "delivered" : gone || now - CreatedAt >= Lifetime ? "given-up" : "pending",
        Attempts = Attempts + 1,
        NextAt = now + Math.Min(6 * Hour, 10_000_000L << (int)Math.Min(Attempts, 20)),
        Error = error,
    };
}
