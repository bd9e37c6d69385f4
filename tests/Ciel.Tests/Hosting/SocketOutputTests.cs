using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Ciel.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ciel.Tests.Hosting;

/// <summary>Answers that go straight to the socket arrive as they would through Kestrel's own pipe.</summary>
public class SocketOutputTests
{
    private static readonly byte[] Content = RandomNumberGenerator.GetBytes((5 << 20) + 12_345);

    [Theory, InlineData("1.1"), InlineData("2.0")]
    public async Task Every_byte_arrives_over_tls(string version)
    {
        using var certificate = Certificate();
        await using var app = await Start(listen => listen.UseHttps(certificate));
        using var handler = new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, shown, _, _) => shown!.GetCertHashString() == certificate.GetCertHashString() } };
        using var client = new HttpClient(handler);
        foreach (var path in (string[])["/sized", "/chunked", "/empty", "/sized"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"https://127.0.0.1:{Port(app)}{path}") { Version = Version.Parse(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            using var answer = await client.SendAsync(request);
            (await answer.Content.ReadAsByteArrayAsync()).ShouldBe(path == "/empty" ? [] : Content);
        }
    }

    [Fact]
    public async Task A_client_that_reads_in_fits_and_starts_gets_every_byte_and_pipelined_requests_their_answers_in_order()
    {
        await using var app = await Start(_ => { });
        using var socket = await Connect(app);
        await socket.SendAsync(Encoding.ASCII.GetBytes("GET /sized HTTP/1.1\r\nHost: a\r\n\r\nGET /empty HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
        var all = new MemoryStream();
        var buffer = new byte[100_000];
        for (var i = 0; await socket.ReceiveAsync(buffer) is > 0 and var read; i++)
        {
            all.Write(buffer, 0, read);
            if (i % 10 == 0) await Task.Delay(2);
        }

        var bytes = all.ToArray();
        var head = bytes.AsSpan().IndexOf("\r\n\r\n"u8) + 4;
        bytes.AsSpan(head, Content.Length).SequenceEqual(Content).ShouldBeTrue();
        Encoding.ASCII.GetString(bytes.AsSpan(head + Content.Length)).ShouldStartWith("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n");
    }

    [Fact]
    public async Task Clients_that_leave_in_the_middle_end_their_own_request_and_no_other()
    {
        await using var app = await Start(_ => { });
        for (var i = 0; i < 50; i++)
        {
            using var socket = await Connect(app);
            await socket.SendAsync("GET /sized HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray());
            (await socket.ReceiveAsync(new byte[i * 1000 + 1])).ShouldBeGreaterThan(0);
            socket.LingerState = new LingerOption(i % 2 == 0, 0);
        }

        using var client = new HttpClient();
        (await client.GetByteArrayAsync($"http://127.0.0.1:{Port(app)}/chunked")).ShouldBe(Content);
        for (var left = 500; app.Services.GetRequiredService<Running>().Count > 0 && left > 0; left--) await Task.Delay(20);
        app.Services.GetRequiredService<Running>().Count.ShouldBe(0);
    }

    private static async Task<WebApplication> Start(Action<ListenOptions> more)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Use(next => connection =>
            {
                SocketOutput.Use(connection);
                return next(connection);
            });
            more(listen);
        }));
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<Running>();
        var app = builder.Build();
        app.Run(Serve);
        await app.StartAsync();
        return app;
    }

    private static async Task Serve(HttpContext http)
    {
        var running = http.RequestServices.GetRequiredService<Running>();
        Interlocked.Increment(ref running.Count);
        try
        {
            if (http.Request.Path != "/chunked") http.Response.ContentLength = http.Request.Path == "/sized" ? Content.Length : 0;
            for (var at = 0; http.Request.Path != "/empty" && at < Content.Length;)
            {
                var piece = Content.AsMemory(at, Math.Min(at % 3 == 0 ? 300_000 : 700, Content.Length - at));
                if ((await http.Response.BodyWriter.WriteAsync(piece)).IsCompleted) return;
                at += piece.Length;
            }
        }
        finally
        {
            Interlocked.Decrement(ref running.Count);
        }
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    private static async Task<Socket> Connect(WebApplication app)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 8192 };
        await socket.ConnectAsync(IPAddress.Loopback, Port(app));
        return socket;
    }

    private static int Port(WebApplication app) => new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;

    private sealed class Running
    {
        public int Count;
    }
}
