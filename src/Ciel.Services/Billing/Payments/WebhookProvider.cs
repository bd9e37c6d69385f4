using System.Text.Json;
using Ciel.Core.Errors;
using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Documents;
using Ciel.Services.Billing.Invoices;
using Ciel.Services.Billing.Notices;

namespace Ciel.Services.Billing.Payments;

/// <summary>
/// Any provider that signs as standardwebhooks.com has it and tells
/// <c>{"type": "payment.succeeded" or "payment.refunded", "data": {"id", "account", "amount", "currency"}}</c>.
/// </summary>
internal sealed class WebhookProvider : IPaymentProvider
{
    private const int LongestId = 128;

    public string Name => "webhook";

    public bool Tells => true;

    public string? HowToPay(Invoice invoice, Party seller) => null;

    public IncomingPayment? Read(PaymentMessage message)
    {
        if (!WebhookSignature.IsGood(message.Secret, message.Header, message.Body.Span, message.Now))
        {
            throw new Fault(401, "Unauthorized", "The message is not signed with this provider's secret, or is older than five minutes.");
        }

        try
        {
            using var json = JsonDocument.Parse(message.Body);
            var kind = Text(json.RootElement, "type") switch
            {
                "payment.succeeded" => "payment",
                "payment.refunded" => "refund",
                _ => null,
            };
            return kind is null ? null : Read(kind, json.RootElement.GetProperty("data"));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw Fault.BadRequest("""The message must be {"type": "payment.succeeded", "data": {"id": "…", "account": "…", "amount": "12.50", "currency": "EUR"}}.""");
        }
    }

    private static IncomingPayment Read(string kind, JsonElement data)
    {
        var (id, amount) = (Text(data, "id"), data.GetProperty("amount").ValueKind == JsonValueKind.Number ? data.GetProperty("amount").GetRawText() : Text(data, "amount"));
        return id.Length is > 0 and <= LongestId && Fixed.TryParse(amount, out var sum)
            ? new(id, Text(data, "account"), kind, sum, Text(data, "currency"))
            : throw new JsonException();
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() is { } text && !text.Contains('\0', StringComparison.Ordinal) ? text : throw new JsonException();
}
