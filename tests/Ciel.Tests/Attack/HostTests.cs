using System.Net.Sockets;
using System.Text;

namespace Ciel.Tests.Attack;

/// <summary>A door answers only to its own names, so that a page that resolves its own name to this address gets nothing.</summary>
public class HostTests
{
    [Theory]
    [InlineData("GET /identity/v3 HTTP/1.1\r\nHost: evil.example\r\n")]
    [InlineData("GET /identity/v3 HTTP/1.1\r\nHost: 127.0.0.1.evil.example\r\n")]
    [InlineData("GET /identity/v3 HTTP/1.1\r\nHost: 169.254.169.254\r\n")]
    [InlineData("GET /identity/v3 HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n")]
    [InlineData("GET http://evil.example/identity/v3 HTTP/1.1\r\nHost: localhost\r\n")]
    [InlineData("GET /identity/v3 HTTP/1.1\r\nHost:\r\n")]
    [InlineData("GET /identity/v3 HTTP/1.0\r\n")]
    public async Task AnotherNameIsRefused(string head)
    {
        await using var cloud = await TestCloud.Start();
        (await Send(cloud, head)).ShouldStartWith("HTTP/1.1 400 ");
        (await Send(cloud, "GET /identity/v3 HTTP/1.1\r\nHost: localhost\r\n")).ShouldStartWith("HTTP/1.1 200 ");
    }

    /// <summary>Regression: the web server's own words, with the names of its settings, were passed on.</summary>
    [Fact]
    public async Task ABrokenBodyIsAnsweredInOurOwnWords()
    {
        await using var cloud = await TestCloud.Start();
        var answer = await Send(cloud, "POST /identity/v3/auth/tokens HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n", "zz\r\n");
        answer.ShouldStartWith("HTTP/1.1 400 ");
        answer.ShouldContain("The request body could not be read to its end.");
    }

    private static async Task<string> Send(TestCloud cloud, string head, string body = "")
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", cloud.Host.Url.Port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head + "Connection: close\r\n\r\n" + body), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
