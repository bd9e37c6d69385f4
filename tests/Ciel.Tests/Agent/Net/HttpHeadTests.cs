using System.Text;
using Ciel.Agent.Drivers.LinuxNet;

namespace Ciel.Tests.Agent.Net;

public class HttpHeadTests
{
    [Fact]
    public void A_request_is_read()
    {
        var (head, refusal) = Parse("PUT /latest/api/token?x=1 HTTP/1.1\r\nHost: 169.254.169.254\r\nX-aws-ec2-metadata-token-ttl-seconds:  60 \r\nContent-Length: 12");
        refusal.ShouldBe(0);
        head.ShouldNotBeNull();
        (head.Method, head.Path, head.Length, head.KeepAlive).ShouldBe(("PUT", "/latest/api/token?x=1", 12, true));
        head.Headers["x-aws-ec2-metadata-token-ttl-seconds"].ShouldBe("60");
    }

    [Theory]
    [InlineData("GET / HTTP/1.0", false)]
    [InlineData("GET / HTTP/1.0\r\nConnection: keep-alive", true)]
    [InlineData("GET / HTTP/1.1\r\nConnection: Close", false)]
    public void The_connection_is_kept_as_asked(string text, bool kept) => Parse(text).Head!.KeepAlive.ShouldBe(kept);

    [Theory]
    [InlineData("", 400)]
    [InlineData("GET /", 400)]
    [InlineData("GET / HTTP/2", 400)]
    [InlineData("GET http://elsewhere/ HTTP/1.1", 400)]
    [InlineData("GET /a\0b HTTP/1.1", 400)]
    [InlineData("DELETE / HTTP/1.1", 405)]
    [InlineData("GET / HTTP/1.1\r\nno colon", 400)]
    [InlineData("GET / HTTP/1.1\r\n: empty", 400)]
    [InlineData("GET / HTTP/1.1\r\nna me: x", 400)]
    [InlineData("GET / HTTP/1.1\r\na: b\nc: d", 400)]
    [InlineData("GET / HTTP/1.1\r\na: 1\r\nA: 2", 400)]
    [InlineData("POST / HTTP/1.1\r\nTransfer-Encoding: chunked", 411)]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: -1", 400)]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 65537", 413)]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 99999999999999", 413)]
    public void What_is_not_one_is_refused(string text, int status) => Parse(text).ShouldBe((null, status));

    private static (HttpHead? Head, int Refusal) Parse(string text) => HttpHead.Parse(Encoding.Latin1.GetBytes(text));
}
