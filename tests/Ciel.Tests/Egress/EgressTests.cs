using System.Net;
using Ciel.Core.Http.Egress;
using Ciel.Core.Http.Egress.Host;

namespace Ciel.Tests.Egress;

/// <summary>Calls to URLs that tenants chose reach nothing of the cloud's own.</summary>
public sealed class EgressTests : IDisposable
{
    private static readonly EgressLimits Limits = new(TimeSpan.FromSeconds(20)) { Redirects = 3 };
    private readonly List<IDisposable> _made = [];

    [Theory]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://127.1/")]
    [InlineData("http://2130706433/")]
    [InlineData("http://0x7f000001/")]
    [InlineData("http://0177.0.0.1/")]
    [InlineData("http://0.0.0.0/")]
    [InlineData("http://[::]/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[::ffff:127.0.0.1]/")]
    [InlineData("http://[::ffff:a9fe:a9fe]/")]
    [InlineData("http://[::127.0.0.1]/")]
    [InlineData("http://[64:ff9b::a00:1]/")]
    [InlineData("http://[64:ff9b:1::a00:1]/")]
    [InlineData("http://[2002:7f00:1::]/")]
    [InlineData("http://[2001:0:4136:e378::1]/")]
    [InlineData("http://[fe80::1]/")]
    [InlineData("http://[fec0::1]/")]
    [InlineData("http://[fd00::1]/")]
    [InlineData("http://[ff02::1]/")]
    [InlineData("http://[2001:db8::1]/")]
    [InlineData("http://10.1.2.3/")]
    [InlineData("http://172.16.0.1/")]
    [InlineData("http://172.31.255.255/")]
    [InlineData("http://192.168.1.1/")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://100.64.0.1/")]
    [InlineData("http://192.0.0.192/")]
    [InlineData("http://198.18.0.1/")]
    [InlineData("http://198.51.100.7/")]
    [InlineData("http://224.0.0.1/")]
    [InlineData("http://255.255.255.255/")]
    [InlineData("http://8.8.4.4/")]
    [InlineData("http://9.9.9.9/")]
    [InlineData("http://localhost/")]
    [InlineData("http://sly.example/")]
    public async Task NothingOfOursIsReached(string url)
    {
        var options = new EgressOptions { Own = [IPNetwork.Parse("8.8.4.0/24")] };
        var egress = Make(options, [IPAddress.Parse("9.9.9.9")], (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]));
        (await Should.ThrowAsync<EgressRefusedException>(() => Get(egress, url))).Message.ShouldContain("not a public address");
    }

    [Fact]
    public async Task ARefusalToldATenantTheAddressThatANameResolvedTo()
    {
        static Task<IPAddress[]> Resolve(string name, CancellationToken cancel) => Task.FromResult<IPAddress[]>([name == "closed.corp" ? IPAddress.Loopback : IPAddress.Parse("10.20.30.40")]);
        var inside = Make(new EgressOptions(), [], Resolve);
        (await Should.ThrowAsync<EgressRefusedException>(() => Get(inside, "http://db.corp/"))).Message.ShouldNotContain("10.20.30.40");

        // Allowed by an operator, and nobody there.
        var allowed = Make(new EgressOptions { Allow = EgressOptions.Targets("closed.corp:1") }, [], Resolve);
        (await Should.ThrowAsync<EgressRefusedException>(() => Get(allowed, "http://closed.corp:1/"))).Message.ShouldNotContain("127.0.0.1");
    }

    [Theory]
    [InlineData("93.184.216.34")]
    [InlineData("1.1.1.1")]
    [InlineData("172.32.0.1")]
    [InlineData("2606:2800:220:1:248:1893:25c8:1946")]
    [InlineData("64:ff9b::101:101")]
    public void ThePublicIsReached(string address) => Gate(new EgressOptions(), []).Open("a.example", 443, [IPAddress.Parse(address)]).ShouldHaveSingleItem();

    [Theory]
    [InlineData("ftp://a.example/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://a.example/")]
    [InlineData("http://user:secret@a.example/")]
    [InlineData("/relative")]
    [InlineData("http:")]
    [InlineData("")]
    [InlineData(null)]
    public void OnlyPlainUrlsAreTaken(string? url) => Should.Throw<EgressRefusedException>(() => EgressGate.Url(url));

    [Theory]
    [InlineData("127.0.0.1:80", "127.0.0.1", 80, true)]
    [InlineData("127.0.0.1:80", "127.0.0.1", 81, false)]
    [InlineData("10.0.0.0/8", "10.9.8.7", 81, true)]
    [InlineData("10.0.0.0/8:443", "10.9.8.7", 80, false)]
    [InlineData("[fd00::1]:80", "fd00::1", 80, true)]
    [InlineData("fd00::/8", "fd00::1", 80, true)]
    [InlineData("hooks.corp:80", "10.0.0.1", 80, true)]
    [InlineData("other.corp:80", "10.0.0.1", 80, false)]
    public void AnOperatorAllowsByName(string allow, string address, int port, bool open)
    {
        var gate = Gate(new EgressOptions { Allow = EgressOptions.Targets(allow) }, []);
        Func<IReadOnlyList<IPAddress>> ask = () => gate.Open("hooks.corp", port, [IPAddress.Parse(address)]);
        if (open)
        {
            ask().ShouldHaveSingleItem();
        }
        else
        {
            Should.Throw<EgressRefusedException>(ask);
        }
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("host:0")]
    [InlineData("host:99999")]
    [InlineData("10.0.0.0/99")]
    public void ABadAllowanceIsRefused(string text) => Should.Throw<FormatException>(() => EgressOptions.Targets(text));

    [Fact]
    public async Task ANameIsAskedForOnceAndThatAddressIsUsed()
    {
        await using var receiver = await Receiver.Start();
        var asked = 0;
        // The second answer would be another one, as a rebinding name server gives.
        var egress = Make(new EgressOptions { Allow = EgressOptions.Targets($"127.0.0.1:{receiver.Url.Port}") }, [], (_, _) => Task.FromResult<IPAddress[]>([asked++ == 0 ? IPAddress.Loopback : IPAddress.Parse("10.0.0.1")]));
        (await Get(egress, $"http://rebind.example:{receiver.Url.Port}/x")).Good.ShouldBeTrue();
        asked.ShouldBe(1);
        receiver.Seen.ShouldHaveSingleItem().Path.ShouldBe("/x");
    }

    [Fact]
    public async Task ARedirectInwardsIsRefused()
    {
        await using var receiver = await Receiver.Start();
        receiver.Answer = http =>
        {
            http.Response.StatusCode = 307;
            http.Response.Headers.Location = "http://127.0.0.1:1/secret";
        };
        var egress = Allowing(receiver);
        (await Should.ThrowAsync<EgressRefusedException>(() => Get(egress, receiver.Url.ToString()))).Message.ShouldContain("127.0.0.1:1");
        receiver.Answer = http => (http.Response.StatusCode, http.Response.Headers.Location) = (308, receiver.Url.ToString());
        (await Should.ThrowAsync<EgressRefusedException>(() => Get(egress, receiver.Url.ToString()))).Message.ShouldContain("redirects too often");
        receiver.Answer = http => (http.Response.StatusCode, http.Response.Headers.Location) = (302, receiver.Url.ToString());
        (await Get(egress, receiver.Url.ToString())).Status.ShouldBe(HttpStatusCode.Found);
    }

    [Fact]
    public async Task AnEndlessAnswerIsCutOffAndASilentOneEnds()
    {
        await using var receiver = await Receiver.Start();
        receiver.Answer = http => http.Response.ContentLength = 10_000_000;
        receiver.Body = new byte[10_000_000];
        var egress = Allowing(receiver);
        (await egress.Call(u => new HttpRequestMessage(HttpMethod.Get, u), receiver.Url, Limits with { Body = 1000 }, CancellationToken.None)).Body.Length.ShouldBe(1000);
        receiver.Hold = new TaskCompletionSource();
        (await Should.ThrowAsync<EgressRefusedException>(() => egress.Call(u => new HttpRequestMessage(HttpMethod.Get, u), receiver.Url, new EgressLimits(TimeSpan.FromMilliseconds(200)), CancellationToken.None)))
            .Message.ShouldContain("did not answer within");
        receiver.Hold.SetResult();
    }

    [Fact]
    public async Task NobodyThereIsSaid()
    {
        var egress = Make(new EgressOptions { Allow = EgressOptions.Targets("127.0.0.1:1") }, [], null);
        await Should.ThrowAsync<EgressRefusedException>(() => Get(egress, "http://127.0.0.1:1/"));
        var nameless = Make(new EgressOptions(), [], (_, _) => throw new System.Net.Sockets.SocketException(11001));
        await Should.ThrowAsync<EgressRefusedException>(() => Get(nameless, "http://nowhere.example/"));
    }

    public void Dispose() => _made.ForEach(m => m.Dispose());

    private Core.Http.Egress.Egress Allowing(Receiver receiver) => Make(new EgressOptions { Allow = EgressOptions.Targets($"127.0.0.1:{receiver.Url.Port}") }, [], null);

    private static Task<EgressAnswer> Get(Core.Http.Egress.Egress egress, string url) =>
        egress.Call(u => new HttpRequestMessage(HttpMethod.Get, u), new Uri(url), Limits, CancellationToken.None);

    private static EgressGate Gate(EgressOptions options, IPAddress[] own) => new(options, () => own);

    private Core.Http.Egress.Egress Make(EgressOptions options, IPAddress[] own, Func<string, CancellationToken, Task<IPAddress[]>>? resolve)
    {
        var transport = new EgressTransport(Gate(options, own), resolve);
        _made.Add(transport);
        return new Core.Http.Egress.Egress(transport.Send, TimeProvider.System);
    }
}
