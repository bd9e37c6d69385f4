namespace Ciel.Services.Billing;

/// <summary>Readies billing at each start.</summary>
public interface IBillingStart
{
    /// <summary>Makes the legal entity and the account that every cloud has, and begins its keeper. Idempotent.</summary>
    Task Bootstrap(CancellationToken cancel);
}

/// <summary>How notices go out by mail.</summary>
/// <param name="Relay">The operator's SMTP relay, <c>HOST[:PORT]</c>; empty for none.</param>
/// <param name="From">The sender's address.</param>
public sealed record MailOptions(string Relay, string From)
{
    private const int Submission = 587;

    /// <summary>No mail.</summary>
    public static MailOptions None { get; } = new("", "");

    /// <summary>Whether the relay is spoken to under TLS (STARTTLS).</summary>
    public bool StartTls { get; init; }

    /// <summary>User and password; empty where the relay wants none.</summary>
    public IReadOnlyList<string> Login { get; init; } = [];

    /// <summary>The relay's host.</summary>
    public string Host => Relay.Split(':')[0];

    /// <summary>The relay's port; 587 where none is said.</summary>
    public int Port => Relay.Split(':') is [_, var port] && int.TryParse(port, out var number) ? number : Submission;
}
