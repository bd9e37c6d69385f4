using System.Net;
using System.Net.Mail;

namespace Ciel.Services.Billing.Notices.Host;

/// <summary>Hands mail to the operator's relay by SMTP.</summary>
internal sealed class SmtpRelay(MailOptions options) : IMailRelay
{
    public bool IsOn => options.Relay.Length > 0;

    public async Task<string?> Send(string to, string subject, string text, CancellationToken cancel)
    {
        using var client = new SmtpClient(options.Host, options.Port) { EnableSsl = options.StartTls, Timeout = 10_000 };
        if (options.Login is [var user, var password])
        {
            client.Credentials = new NetworkCredential(user, password);
        }

        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        late.CancelAfter(TimeSpan.FromSeconds(10));
        try
        {
            using var mail = new MailMessage(options.From, to, subject, text);
            await client.SendMailAsync(mail, late.Token);
            return null;
        }
        catch (Exception e) when (e is SmtpException or FormatException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return $"The mail relay {options.Relay}: {e.InnerException?.Message ?? e.Message}";
        }
    }
}
