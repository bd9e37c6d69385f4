using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Ciel.Core.Blobs;
using Ciel.Core.Store;
using Ciel.Core.Trust;
using Ciel.Services.Identity;
using Ciel.Services.Images;
using Ciel.Services.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Tests.Images;

/// <summary>The image service alone.</summary>
internal sealed class ImageCloud : IAsyncDisposable
{
    private readonly SliceHost _host;
    private readonly DirectoryInfo _directory;

    private ImageCloud(SliceHost host, DirectoryInfo directory) => (_host, _directory) = (host, directory);

    public HttpClient Client => _host.Client;

    public Db Db => _host.Db;

    public IServiceProvider Parts => _host.Parts;

    public IImages Images => Parts.GetRequiredService<IImages>();

    public IBlobTickets Tickets => Parts.GetRequiredService<IBlobTickets>();

    public WebApplication App => _host.App;

    public HashSet<string> InUse { get; } = [];

    public Uri Url => Client.BaseAddress!;

    public static async Task<ImageCloud> Start(string kind, bool keepers = true)
    {
        var directory = TestDirectory.Create("ciel-images-");
        var host = await SliceHost.Build(kind, [new ImagesModule()], s => Register(s, directory.FullName));
        var cloud = new ImageCloud(host, directory);
        host.Parts.GetRequiredService<Users>().Cloud = cloud;
        await cloud.Images.Bootstrap(CancellationToken.None);
        await host.Run(keepers);
        return cloud;
    }

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
        await _host.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private static void Register(IServiceCollection services, string directory) => services
        .AddTrust(new TrustOptions { RootKeyPath = Path.Combine(directory, "root.key") })
        .AddSingleton(new BlobOptions(Path.Combine(directory, "blobs")))
        .AddSingleton<IIdentity, OneProject>()
        .AddSingleton<Users>().AddSingleton<IImageInUse>(p => p.GetRequiredService<Users>());

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

        public Task SuspendProject(Tx tx, string projectId, string reason) => throw new NotSupportedException();

        public Task ReleaseProject(Tx tx, string projectId) => throw new NotSupportedException();

        public Task ResumeProject(Tx tx, string projectId) => throw new NotSupportedException();

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
