namespace Ciel.Services.Billing.Notices;

/// <summary>Sends notices by mail, where an operator has named a relay.</summary>
internal interface IMailRelay
{
    /// <summary>Whether there is a relay.</summary>
    bool IsOn { get; }

    /// <summary>Sends a plain text.</summary>
    /// <returns>Why the relay did not take it; null where it did.</returns>
    Task<string?> Send(string to, string subject, string text, CancellationToken cancel);
}
