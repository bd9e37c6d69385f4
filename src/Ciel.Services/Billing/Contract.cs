namespace Ciel.Services.Billing;

/// <summary>Readies billing at each start.</summary>
public interface IBillingStart
{
    /// <summary>Makes the legal entity and the account that every cloud has, and begins its keeper. Idempotent.</summary>
    Task Bootstrap(CancellationToken cancel);
}
