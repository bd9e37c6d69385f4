using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Ciel.Services.Billing;
using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Notices;
using Ciel.Services.Billing.Notices.Host;
using Ciel.Services.Billing.Payments;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ciel.Tests.Billing;

/// <summary>Notices that go out by webhook and mail, and payments that come in by a provider's webhook.</summary>
public sealed class NoticeTests
{
    public static TheoryData<string> Both => TestStore.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_notice_is_signed_and_sent_again_until_it_is_taken(string kind)
    {
        await using var cloud = await BillingCloud.Start(kind, keepers: true);
        await using var ear = await Ear.Listen(failures: 1);
        var secret = (await cloud.Send(HttpMethod.Put, "/accounts/default/webhook", new { webhook = new { url = ear.Url } })).Body.GetProperty("webhook").GetProperty("secret").GetString()!;
        (await cloud.Get("/accounts/default/webhook")).GetProperty("webhook").TryGetProperty("secret", out _).ShouldBeFalse("it is told once");
        (await cloud.Db.Read(r => r.Scalar<string>("SELECT secret FROM billing_webhook")))!.ShouldNotContain(secret[6..]);
        (await cloud.Send(HttpMethod.Post, "/accounts/default/payments", new { payment = new { amount = 12.5, reference = "bank-1" } })).Status.ShouldBe(201);
        await Until(async () => (await Deliveries(cloud)) is ["webhook delivered 2"]);
        ear.Heard.Select(h => h.Id).Distinct().Count().ShouldBe(1, "the same notice bears the same id");
        foreach (var heard in ear.Heard)
        {
            WebhookSignature.IsGood(secret, heard.Header, heard.Body, DateTimeOffset.UtcNow.ToUnixTimeSeconds()).ShouldBeTrue();
            WebhookSignature.IsGood(WebhookSignature.Secret(new byte[24]), heard.Header, heard.Body, DateTimeOffset.UtcNow.ToUnixTimeSeconds()).ShouldBeFalse();
        }

        var body = JsonDocument.Parse(ear.Heard.First().Body).RootElement;
        body.GetProperty("type").GetString().ShouldBe("billing.payment");
        body.GetProperty("data").GetProperty("message").GetString().ShouldBe("A payment of 12.50 EUR (bank-1) has come in.");
        (await cloud.Send(HttpMethod.Delete, "/accounts/default/webhook")).Status.ShouldBe(204);
        (await cloud.Send(HttpMethod.Get, "/accounts/default/webhook")).Status.ShouldBe(404);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_webhook_that_said_it_was_gone_was_called_for_three_days(string kind)
    {
        await using var cloud = await BillingCloud.Start(kind, keepers: true);
        await using var ear = await Ear.Listen(failures: int.MaxValue, failure: 410);
        (await cloud.Send(HttpMethod.Put, "/accounts/default/webhook", new { webhook = new { url = ear.Url } })).Status.ShouldBe(200);
        (await cloud.Send(HttpMethod.Post, "/accounts/default/payments", new { payment = new { amount = 1 } })).Status.ShouldBe(201);
        await Until(async () => (await Deliveries(cloud)) is ["webhook given-up 1"]);
        (await cloud.Send(HttpMethod.Get, "/accounts/default/webhook")).Status.ShouldBe(404);
        var told = (await cloud.Get("/accounts/default/notices")).GetProperty("notices")[0];
        told.GetProperty("kind").GetString().ShouldBe("webhook-removed");
        told.GetProperty("message").GetString()!.ShouldContain("answered 410 (Gone)");
        (await cloud.Send(HttpMethod.Post, "/accounts/default/payments", new { payment = new { amount = 2 } })).Status.ShouldBe(201);
        ear.Heard.Count.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_webhook_that_was_set_while_the_one_before_said_that_it_was_gone_stays(string kind)
    {
        await using var cloud = await BillingCloud.Start(kind);
        var first = new Webhook { AccountId = "default", Url = "https://a.example/", Secret = "one", CreatedAt = 1 };
        await cloud.Db.Write(tx => WebhookStore.Set(tx, first));
        await cloud.Db.Write(tx => WebhookStore.Set(tx, first with { Secret = "two" }));
        (await cloud.Db.Write(tx => WebhookStore.Remove(tx, first))).ShouldBeFalse();
        (await cloud.Db.Read(r => WebhookStore.Of(r, "default"))).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_webhook_never_leads_inside()
    {
        await using var cloud = await BillingCloud.Start("sqlite", keepers: true);
        (await cloud.Send(HttpMethod.Put, "/accounts/default/webhook", new { webhook = new { url = "ftp://example.org/" } })).Status.ShouldBe(400);
        (await cloud.Send(HttpMethod.Put, "/accounts/default/webhook", new { webhook = new { url = "http://169.254.169.254/latest" } })).Status.ShouldBe(200);
        (await cloud.Send(HttpMethod.Post, "/accounts/default/payments", new { payment = new { amount = 1 } })).Status.ShouldBe(201);
        await Until(async () => (await cloud.Get("/accounts/default/notices")).ToString().Contains("is not a public address", StringComparison.Ordinal));
    }

    [Fact]
    public void An_attempt_is_taken_tried_again_later_and_later_or_given_up()
    {
        var first = new Delivery { Id = "d", AccountId = "a", NoticeId = "n", Channel = Delivery.Webhook, Target = "t" };
        first.After(null, 5).State.ShouldBe("delivered");
        first.After("no", 0).NextAt.ShouldBe(10_000_000);
        (first with { Attempts = 3 }).After("no", 0).NextAt.ShouldBe(80_000_000);
        (first with { Attempts = 60 }).After("no", 0).NextAt.ShouldBe(6L * 3_600_000_000);
        first.After("no", 0, gone: true).State.ShouldBe("given-up");
        first.After("no", Delivery.Lifetime - 1).State.ShouldBe("pending");
        first.After("no", Delivery.Lifetime).ShouldBe(first with { State = "given-up", Attempts = 1, Error = "no", NextAt = Delivery.Lifetime + 10_000_000 });
    }

    [Fact]
    public void A_signature_is_the_standards()
    {
        // The example of standardwebhooks.com, worked out anew with openssl.
        const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        var body = Encoding.UTF8.GetBytes("""{"test": 2432232314}""");
        WebhookSignature.Of(Secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body).ShouldBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        string? Header(string name) => name switch
        {
            "webhook-id" => "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "webhook-timestamp" => "1614265330",
            _ => "v1,AAAA v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        };
        WebhookSignature.IsGood(Secret, Header, body, 1614265330 + 300).ShouldBeTrue();
        WebhookSignature.IsGood(Secret, Header, body, 1614265330 + 301).ShouldBeFalse("it is too old");
        WebhookSignature.IsGood(Secret, Header, [.. body, 32], 1614265330).ShouldBeFalse();
        WebhookSignature.IsGood(Secret, _ => null, body, 1614265330).ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Mail_goes_to_the_customers_address_by_the_relay(string kind)
    {
        await using var sink = new MailSink();
        await using var cloud = await BillingCloud.Start(kind, keepers: true, services => services.AddSingleton(new MailOptions($"127.0.0.1:{sink.Port}", "billing@cloud.example")));
        (await cloud.Send(HttpMethod.Patch, "/accounts/default", new { account = new { details = new { email = "books@acme.example" } } })).Status.ShouldBe(200);
        (await cloud.Send(HttpMethod.Post, "/accounts/default/payments", new { payment = new { amount = 3 } })).Status.ShouldBe(201);
        await Until(async () => (await Deliveries(cloud)) is ["mail delivered 1"]);
        var mail = sink.Mails.ShouldHaveSingleItem();
        mail.ShouldContain("MAIL FROM:<billing@cloud.example>");
        mail.ShouldContain("RCPT TO:<books@acme.example>");
        mail.ShouldContain("A payment of 3.00 EUR has come in.");
    }

    [Fact]
    public void A_bank_transfer_says_where_to_and_with_which_reference()
    {
        var invoice = SamplePaper.Of([SamplePaper.Charge(Services.Billing.Rating.ChargeKind.Usage, "2", "5", "10")], []).Invoice;
        var seller = Services.Billing.Documents.Party.Both(invoice.Parties).Seller;
        new BankTransfer().HowToPay(invoice, seller).ShouldBe("Transfer to IBAN DE89 3704 0044 0532 0130 00, BIC COBADEFFXXX, with the reference INV-000001.");
        new BankTransfer().HowToPay(invoice, seller with { Details = new Dictionary<string, string>() }).ShouldBeNull();
    }

    [Fact]
    public async Task A_relay_that_is_away_is_said()
    {
        var relay = new SmtpRelay(new MailOptions("127.0.0.1:1", "billing@cloud.example"));
        (await relay.Send("a@b.example", "s", "t", TestContext.Current.CancellationToken))!.ShouldStartWith("The mail relay 127.0.0.1:1: ");
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_provider_tells_of_a_payment_once_and_only_signed(string kind)
    {
        await using var cloud = await BillingCloud.Start(kind, keepers: false, services => services.AddSingleton<IPaymentProvider, Coins>());
        (await cloud.Get("/payment-providers")).GetProperty("payment_providers").EnumerateArray().Select(p => $"{p.GetProperty("name")} {p.GetProperty("ready")}")
            .Order(StringComparer.Ordinal).ShouldBe(["bank-transfer True", "coins False", "webhook False"]);
        const string Paid = """{"type": "payment.succeeded", "data": {"id": "p-1", "account": "default", "amount": "20.00", "currency": "EUR"}}""";
        (await Tell(cloud, "webhook", Paid, "whsec_" + Convert.ToBase64String(new byte[24]))).ShouldBe(404, "it has no secret yet");
        var secret = (await cloud.Send(HttpMethod.Post, "/payment-providers/webhook/secret")).Body.GetProperty("payment_provider").GetProperty("secret").GetString()!;
        (await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Tell(cloud, "webhook", Paid, secret)))).ShouldAllBe(s => s == 204);
        (await Tell(cloud, "webhook", Paid, "whsec_" + Convert.ToBase64String(new byte[24]))).ShouldBe(401);
        (await Tell(cloud, "webhook", Paid.Replace("20.00", "21.00", StringComparison.Ordinal), secret)).ShouldBe(409, "the same id cannot be another payment");
        (await Tell(cloud, "webhook", Paid.Replace("EUR", "USD", StringComparison.Ordinal).Replace("p-1", "p-2", StringComparison.Ordinal), secret)).ShouldBe(400);
        (await Tell(cloud, "webhook", """{"type": "customer.created", "data": {}}""", secret)).ShouldBe(204);
        foreach (var junk in (string[])["", "[", "[]", "7", """{"type": 7}""", """{"type": "payment.succeeded"}""", """{"type": "payment.succeeded", "data": {"id": "", "account": "default", "amount": "1", "currency": "EUR"}}"""])
        {
            (await Tell(cloud, "webhook", junk, secret)).ShouldBe(400, junk);
        }

        // Another provider, with words and a proof of its own.
        (await cloud.Send(HttpMethod.Post, "/payment-providers/coins/secret")).Status.ShouldBe(200);
        (await Tell(cloud, "coins", "p-1 default 5", secret)).ShouldBe(204);
        (await Tell(cloud, "bank-transfer", Paid, secret)).ShouldBe(404);
        (await cloud.Get("/accounts/default/statement")).GetProperty("entries").EnumerateArray()
            .Select(e => $"{e.GetProperty("kind")} {e.GetProperty("reference")} {e.GetProperty("amount").GetRawText()}").ShouldBe(["payment webhook:p-1 20.00", "payment coins:p-1 5.00"]);
        (await cloud.Send(HttpMethod.Post, "/payment-providers/webhook/secret", token: "mallory")).Status.ShouldBe(403);
        (await cloud.Send(HttpMethod.Get, "/payment-providers", token: "mallory")).Status.ShouldBe(403);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_payment_told_again_for_another_account_was_paid_to_both(string kind)
    {
        await using var cloud = await BillingCloud.Start(kind, keepers: false);
        (await cloud.Send(HttpMethod.Post, "/accounts", new { account = new { id = "b", name = "B" } })).Status.ShouldBe(201);
        var secret = (await cloud.Send(HttpMethod.Post, "/payment-providers/webhook/secret")).Body.GetProperty("payment_provider").GetProperty("secret").GetString()!;
        var told = (string account) => Tell(cloud, "webhook", $$$"""{"type": "payment.succeeded", "data": {"id": "p-1", "account": "{{{account}}}", "amount": "20.00", "currency": "EUR"}}""", secret);
        (await Task.WhenAll(told("default"), told("b"), told("default"), told("b"))).Count(s => s == 204).ShouldBe(2, "twice for the one that was first");
        (await cloud.Db.Read(r => r.Scalar<long>("SELECT COUNT(*) FROM billing_entry"))).ShouldBe(1);
    }

    private static async Task<int> Tell(BillingCloud cloud, string provider, string body, string secret)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/billing/v1/payment-providers/{provider}/events") { Content = new StringContent(body) };
        request.Headers.Add("webhook-id", "m-1");
        request.Headers.Add("webhook-timestamp", $"{now}");
        request.Headers.Add("webhook-signature", WebhookSignature.Of(secret, "m-1", now, Encoding.UTF8.GetBytes(body)));
        using var answer = await cloud.Host.Client.SendAsync(request);
        return (int)answer.StatusCode;
    }

    private static async Task<List<string>> Deliveries(BillingCloud cloud) =>
        [.. (await cloud.Get("/accounts/default/notices")).GetProperty("notices").EnumerateArray().SelectMany(n => n.GetProperty("deliveries").EnumerateArray())
            .Select(d => $"{d.GetProperty("channel")} {d.GetProperty("state")} {d.GetProperty("attempts")}")];

    private static async Task Until(Func<Task<bool>> done)
    {
        for (var i = 0; i < 600 && !await done(); i++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        (await done()).ShouldBeTrue();
    }

    /// <summary>Says "id account amount", and needs no signature.</summary>
    private sealed class Coins : IPaymentProvider
    {
        public string Name => "coins";

        public bool Tells => true;

        public string? HowToPay(Services.Billing.Invoices.Invoice invoice, Services.Billing.Documents.Party seller) => "Drop coins.";

        public IncomingPayment? Read(PaymentMessage message)
        {
            var words = Encoding.UTF8.GetString(message.Body.Span).Split(' ');
            return new(words[0], words[1], "payment", Fixed.Parse(words[2]), "EUR");
        }
    }

    /// <summary>A customer's end of a webhook, which fails at first.</summary>
    private sealed class Ear(WebApplication app) : IAsyncDisposable
    {
        public ConcurrentQueue<(string? Id, Func<string, string?> Header, byte[] Body)> Heard { get; } = new();

        public string Url => app.Urls.First() + "/bills";

        public static async Task<Ear> Listen(int failures, int failure = 500)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            var app = builder.Build();
            app.Urls.Add("http://127.0.0.1:0");
            var ear = new Ear(app);
            app.Run(async http =>
            {
                using var body = new MemoryStream();
                await http.Request.Body.CopyToAsync(body);
                var headers = http.Request.Headers.ToDictionary(h => h.Key, h => (string?)h.Value, StringComparer.OrdinalIgnoreCase);
                ear.Heard.Enqueue((headers.GetValueOrDefault("webhook-id"), name => headers.GetValueOrDefault(name), body.ToArray()));
                http.Response.StatusCode = ear.Heard.Count > failures ? 204 : failure;
            });
            await app.StartAsync();
            return ear;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }

    /// <summary>A mail relay that speaks SMTP and keeps what it is handed.</summary>
    private sealed class MailSink : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Task _work;

        public MailSink()
        {
            _listener.Start();
            _work = Work();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public ConcurrentQueue<string> Mails { get; } = new();

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _work;
        }

        private async Task Work()
        {
            try
            {
                while (true)
                {
                    using var client = await _listener.AcceptTcpClientAsync();
                    await Talk(client.GetStream());
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
            {
                // The test is over.
            }
        }

        private async Task Talk(NetworkStream stream)
        {
            using var reader = new StreamReader(stream, Encoding.ASCII);
            await using var writer = new StreamWriter(stream, Encoding.ASCII) { AutoFlush = true, NewLine = "\r\n" };
            var (mail, data) = (new StringBuilder(), false);
            await writer.WriteLineAsync("220 sink");
            while (await reader.ReadLineAsync() is { } line)
            {
                mail.AppendLine(line);
                if (data && line != ".")
                {
                    continue;
                }

                if (data)
                {
                    Mails.Enqueue(mail.ToString());
                }

                data = line == "DATA";
                await writer.WriteLineAsync(data ? "354 go on" : line == "QUIT" ? "221 bye" : "250 well");
                if (line == "QUIT")
                {
                    return;
                }
            }
        }
    }
}
