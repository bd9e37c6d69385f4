using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ciel.Tests.Egress;

/// <summary>A web server that keeps what it is sent, as the receiver of a webhook.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Receiver(WebApplication app) => _app = app;

    public Uri Url => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>What it allows as an egress target.</summary>
    public string Target => Url.Authority;

    public ConcurrentQueue<Message> Seen { get; } = new();

    /// <summary>Sets the answer's head; 200 where it does nothing.</summary>
    public Action<HttpContext> Answer { get; set; } = _ => { };

    public byte[] Body { get; set; } = [];

    /// <summary>Answers wait for it.</summary>
    public TaskCompletionSource? Hold { get; set; }

    public static async Task<Receiver> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var receiver = new Receiver(builder.Build());
        receiver._app.Run(receiver.Serve);
        await receiver._app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task Serve(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        Answer(http);
        if (Hold is { } hold)
        {
            await hold.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        }

        Seen.Enqueue(new Message(http.Request.Path + http.Request.QueryString, http.Response.StatusCode, Encoding.UTF8.GetString(body.ToArray())));
        await http.Response.Body.WriteAsync(Body, http.RequestAborted);
    }

    /// <summary>One request.</summary>
    public sealed record Message(string Path, int Status, string Text)
    {
        public JsonElement Json => JsonDocument.Parse(Text).RootElement;
    }
}
