using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Documents;
using Ciel.Services.Billing.Invoices;

namespace Ciel.Services.Billing.Payments;

/// <summary>A way in which customers pay. Several may stand side by side; what comes in by any of them is one entry of the account.</summary>
internal interface IPaymentProvider
{
    /// <summary>Its name in URLs and references; never renamed.</summary>
    string Name { get; }

    /// <summary>Whether it tells of payments by signed webhooks, and so has a secret.</summary>
    bool Tells { get; }

    /// <summary>What a payer is told of an open invoice; null where it has nothing to say.</summary>
    /// <param name="invoice">The invoice.</param>
    /// <param name="seller">Who issued it.</param>
    string? HowToPay(Invoice invoice, Party seller);

    /// <summary>Reads what it tells, after looking at its signature.</summary>
    /// <param name="message">What came.</param>
    /// <returns>The payment; null where the message is about something else.</returns>
    /// <exception cref="Core.Errors.Fault">401 where it is not signed by the provider, 400 where it cannot be read.</exception>
    IncomingPayment? Read(PaymentMessage message);
}

/// <summary>A provider's message.</summary>
/// <param name="Header">A header's value by its name; null where it is missing.</param>
/// <param name="Body">The bytes.</param>
/// <param name="Secret">What signs.</param>
/// <param name="Now">Seconds since 1970.</param>
internal sealed record PaymentMessage(Func<string, string?> Header, ReadOnlyMemory<byte> Body, string Secret, long Now);

/// <summary>Money that a provider took or gave back.</summary>
/// <param name="Id">The provider's own id; the same one twice is the same payment.</param>
/// <param name="Account">Whose.</param>
/// <param name="Kind"><c>payment</c> or <c>refund</c>.</param>
/// <param name="Amount">Above 0.</param>
/// <param name="Currency">ISO 4217.</param>
internal sealed record IncomingPayment(string Id, string Account, string Kind, Fixed Amount, string Currency);
