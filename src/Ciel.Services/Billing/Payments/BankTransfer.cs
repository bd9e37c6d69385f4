using Ciel.Core.Errors;
using Ciel.Services.Billing.Documents;
using Ciel.Services.Billing.Invoices;

namespace Ciel.Services.Billing.Payments;

/// <summary>The default: the customer transfers, and the operator notes it (`ciel account pay`). It tells nothing by itself.</summary>
internal sealed class BankTransfer : IPaymentProvider
{
    public string Name => "bank-transfer";

    public bool Tells => false;

    public string? HowToPay(Invoice invoice, Party seller) =>
        seller["iban"] is { } iban ? $"Transfer to IBAN {iban}{(seller["bic"] is { } bic ? $", BIC {bic}" : "")}, with the reference {invoice.Number}." : null;

    public IncomingPayment? Read(PaymentMessage message) => throw Fault.NotFound("Nobody tells of bank transfers here: note them with `ciel account pay`.");
}
