using System.Text.Json;

namespace Ciel.Tests.ObjectStorage;

/// <summary>A cloud with S3 accounts.</summary>
internal sealed class S3Cloud : IAsyncDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    private S3Cloud(TestCloud cloud) => Cloud = cloud;

    public TestCloud Cloud { get; }

    /// <summary>A project's client; the bucket of its tests is named <c>bucket</c>.</summary>
    public S3Client Main { get; private set; } = null!;

    public string MainProject { get; private set; } = "";

    public HttpClient Http => _http;

    public Uri Door => Cloud.Host.ObjectsUrl;

    /// <param name="kind">The database.</param>
    /// <param name="egress">Where tenants' URLs may lead beside the public internet.</param>
    public static async Task<S3Cloud> Start(string kind = "sqlite", string egress = "")
    {
        var cloud = new S3Cloud(await TestCloud.Start(kind, options => options with { EgressAllow = egress }));
        (cloud.Main, cloud.MainProject) = await cloud.Account("main");
        (await cloud.Main.Put("/bucket")).Ok();
        return cloud;
    }

    /// <summary>A project with a member's access key.</summary>
    public async Task<(S3Client Client, string ProjectId)> Account(string name, string role = "member")
    {
        var (project, token) = await Cloud.Tenant(name, role);
        var self = await Cloud.Send(HttpMethod.Get, "/identity/v3/users?name=" + name, await Cloud.AdminToken());
        var user = self.GetProperty("users")[0].GetProperty("id").GetString();
        var key = await Cloud.Send(HttpMethod.Post, $"/identity/v3/users/{user}/credentials/OS-EC2", token, new { tenant_id = project });
        return (new S3Client(_http, Door, Text(key, "access"), Text(key, "secret")), project);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Cloud.DisposeAsync();
    }

    private static string Text(JsonElement key, string name) => key.GetProperty("credential").GetProperty(name).GetString()!;
}
