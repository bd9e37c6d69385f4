using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Ciel.Core;
using Ciel.Core.Blobs;
using Ciel.Core.Errors;
using Ciel.Core.Events;
using Ciel.Core.Host;
using Ciel.Core.Http;
using Ciel.Core.Keepers;
using Ciel.Core.Ledger;
using Ciel.Core.Policy;
using Ciel.Core.Quota;
using Ciel.Core.Store;
using Ciel.Core.Trust;
using Ciel.Services.Identity;
using Ciel.Services.Images;
using Ciel.Services.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ciel.Tests.Images;

/// <summary>
/// The image service alone on real Kestrel and a real database. A token is a project's name: <c>admin</c>, <c>alice</c>…;
/// <c>alice:reader</c> may only look.
/// </summary>
internal sealed class ImageCloud : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TestStore _store;
    private readonly DirectoryInfo _directory;
    private readonly CancellationTokenSource _stop = new();
    private Task _engine = Task.CompletedTask;

    private ImageCloud(WebApplication app, TestStore store, DirectoryInfo directory) => (_app, _store, _directory) = (app, store, directory);

    public HttpClient Client { get; private set; } = new();

    public Db Db => _store.Db;

    public IServiceProvider Parts => _app.Services;

    public IImages Images => Parts.GetRequiredService<IImages>();

    public IBlobTickets Tickets => Parts.GetRequiredService<IBlobTickets>();

    public WebApplication App => _app;

    public HashSet<string> InUse { get; } = [];

    public Uri Url => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static async Task<ImageCloud> Start(string kind, bool keepers = true)
    {
        var module = new ImagesModule();
        var directory = Directory.CreateTempSubdirectory("ciel-images-");
        var store = await TestStore.Open(kind,
            [.. KeeperBook.Migrations, .. UsageLedger.Migrations, .. AuditLog.Migrations, .. QuotaBook.Migrations, .. TrustServices.Migrations, .. module.Migrations]);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0").ConfigureKestrel(k => k.Limits.MaxRequestBodySize = null);
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(store.Db).AddSingleton(TimeProvider.System).AddSingleton<ISecrets, SystemSecrets>();
        builder.Services.AddSingleton<Ids>().AddSingleton<KeeperBell>().AddSingleton<KeeperBook>();
        builder.Services.AddTrust(new TrustOptions { RootKeyPath = Path.Combine(directory.FullName, "root.key") });
        builder.Services.AddSingleton(new BlobOptions(Path.Combine(directory.FullName, "blobs")));
        builder.Services.AddSingleton<IIdentity, OneProject>();
        builder.Services.AddSingleton<Users>().AddSingleton<IImageInUse>(p => p.GetRequiredService<Users>());
        module.Register(builder.Services);
        var app = builder.Build();
        app.UseRouting();
        module.Map(app, door => new Routes(app, door, new NamedTokens(), app.Services.GetRequiredService<Ids>(), app.Services.GetRequiredService<ILogger<Routes>>()));
        var cloud = new ImageCloud(app, store, directory);
        app.Services.GetRequiredService<Users>().Cloud = cloud;
        await cloud.Begin(keepers);
        return cloud;
    }

    public static Actor ActorOf(string name, string role = Roles.Member) => new()
    {
        UserId = "user-" + name,
        UserName = name,
        UserDomainId = "default",
        ProjectId = name,
        RoleNames = name == "admin" ? new HashSet<string> { Roles.Admin, Roles.Manager, Roles.Member, Roles.Reader }
            : role == Roles.Member ? new HashSet<string> { Roles.Member, Roles.Reader } : new HashSet<string> { Roles.Reader },
    };

    public async Task<HttpResponseMessage> Raw(HttpMethod method, string path, string token, object? body = null, string? type = null)
    {
        var request = new HttpRequestMessage(method, "/image" + path);
        request.Headers.Add("X-Auth-Token", token);
        request.Content = body switch
        {
            null => null,
            HttpContent content => content,
            byte[] bytes => new ByteArrayContent(bytes),
            string text => new StringContent(text),
            _ => JsonContent.Create(body),
        };
        if (type is not null && request.Content is not null)
        {
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        }

        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public async Task<(int Status, JsonElement Body)> Try(HttpMethod method, string path, string token, object? body = null, string? type = null)
    {
        using var answer = await Raw(method, path, token, body, type);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement.Clone());
    }

    /// <summary>Sends and answers the body; fails on an answer that is no success.</summary>
    public async Task<JsonElement> Send(HttpMethod method, string path, string token, object? body = null, string? type = null)
    {
        var (status, json) = await Try(method, path, token, body, type);
        (status is >= 200 and < 300).ShouldBeTrue($"{method} {path}: {status} {(json.ValueKind == JsonValueKind.Undefined ? "" : json.GetRawText())}");
        return json;
    }

    /// <summary>Sends what must be refused, and checks that the body is this API's own error.</summary>
    public async Task<string> Refused(int status, HttpMethod method, string path, string token, object? body = null, string? type = null)
    {
        var (actual, json) = await Try(method, path, token, body, type);
        actual.ShouldBe(status, $"{method} {path}: {(json.ValueKind == JsonValueKind.Undefined ? "" : json.GetRawText())}");
        json.GetProperty("code").GetString().ShouldStartWith($"{status} ");
        return json.GetProperty("message").GetString()!;
    }

    public async Task<string> Create(string token, object? fields = null) =>
        (await Send(HttpMethod.Post, "/v2/images", token, fields ?? new { name = "an image", disk_format = "raw", container_format = "bare" })).GetProperty("id").GetString()!;

    public Task<(int Status, JsonElement Body)> Upload(string token, string id, byte[] bytes, string route = "file") =>
        Try(HttpMethod.Put, $"/v2/images/{id}/{route}", token, bytes, "application/octet-stream");

    /// <summary>An active image.</summary>
    public async Task<string> Active(string token, byte[] bytes, object? fields = null)
    {
        var id = await Create(token, fields);
        var (status, json) = await Upload(token, id, bytes);
        status.ShouldBe(204, json.ValueKind == JsonValueKind.Undefined ? "" : json.GetRawText());
        return id;
    }

    public Task<JsonElement> Show(string token, string id) => Send(HttpMethod.Get, "/v2/images/" + id, token);

    public async Task<string> Status(string token, string id) => (await Show(token, id)).GetProperty("status").GetString()!;

    public async Task<string[]> List(string token, string query = "") =>
        [.. (await Send(HttpMethod.Get, "/v2/images" + query, token)).GetProperty("images").EnumerateArray().Select(i => i.GetProperty("id").GetString()!)];

    /// <summary>Files of blobs, complete and coming in.</summary>
    public string[] Files() => Directory.GetFiles(Path.Combine(_directory.FullName, "blobs"), "*", SearchOption.AllDirectories);

    /// <summary>A row of the quota.</summary>
    public async Task<long> Used(string project, string resource) =>
        await Db.Read(r => r.Scalar<long?>("SELECT used FROM quota WHERE project_id = @project AND resource = @resource", new { project, resource })) ?? 0;

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _stop.CancelAsync();
        await _engine;
        await _app.DisposeAsync();
        await _store.DisposeAsync();
        _directory.Delete(recursive: true);
        _stop.Dispose();
    }

    private async Task Begin(bool keepers)
    {
        await Images.Bootstrap(CancellationToken.None);
        if (keepers)
        {
            _engine = new KeeperEngine(
                Db, Parts.GetRequiredService<KeeperBell>(), Parts.GetServices<Keeper>(), TimeProvider.System, new Random(1),
                Parts.GetRequiredService<ILogger<KeeperEngine>>(), new KeeperEngineOptions()).Run(_stop.Token);
        }

        await _app.StartAsync();
        Client = new HttpClient { BaseAddress = Url };
    }

    private sealed class NamedTokens : IAuthenticator
    {
        public ValueTask<Actor> Authenticate(HttpContext http)
        {
            var token = (string?)http.Request.Headers["X-Auth-Token"] ?? throw Fault.Unauthorized();
            var parts = token.Split(':');
            return new(ActorOf(parts[0], parts.Length > 1 ? parts[1] : Roles.Member));
        }
    }

    private sealed class Users : IImageInUse
    {
        public ImageCloud? Cloud { get; set; }

        public Task<string?> InUse(Tx tx, string imageId) => Task.FromResult(Cloud!.InUse.Contains(imageId) ? "a server runs from it" : null);
    }

    private sealed class OneProject : IIdentity
    {
        private static readonly ProjectInfo Admin = new("admin", "admin", "default", true);

        public Task<ProjectInfo?> Project(Reader reader, string projectId) => Task.FromResult(projectId == "admin" ? Admin : null);

        public Task<IReadOnlyList<ProjectInfo>> Projects(Reader reader) => Task.FromResult<IReadOnlyList<ProjectInfo>>([Admin]);

        public Task Bootstrap(string adminPassword, CancellationToken cancel) => Task.CompletedTask;

        public Task SetPassword(string userName, string password, CancellationToken cancel) => Task.CompletedTask;
    }
}

/// <summary>One image service on each database, for all tests of images; each test has projects of its own.</summary>
public sealed class ImageClouds : IAsyncLifetime
{
    private ImageCloud? _sqlite;
    private ImageCloud? _postgres;
    private static int _next;

    internal ImageCloud this[string kind] => kind == "sqlite" ? _sqlite! : _postgres!;

    /// <summary>A project's name that no other test has.</summary>
    public static string Project(string name) => $"{name}-{Interlocked.Increment(ref _next)}";

    public async ValueTask InitializeAsync()
    {
        _sqlite = await ImageCloud.Start("sqlite");
        _postgres = await ImageCloud.Start("postgresql");
    }

    public async ValueTask DisposeAsync()
    {
        await _sqlite!.DisposeAsync();
        await _postgres!.DisposeAsync();
    }
}

[CollectionDefinition("images")]
public sealed class ImageCollection : ICollectionFixture<ImageClouds>;
