using System.Net.Http.Json;
using System.Text.Json;
using Ciel.Core.Store;
using Ciel.Services.Billing;
using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Tests.Billing;

/// <summary>Billing alone, on real Kestrel and a real database; every project exists.</summary>
internal sealed class BillingCloud(SliceHost host) : IAsyncDisposable
{
    public const string Prices =
        """
        products:
          - { id: machine, name: Machine, meter: server.running, unit: server-hour }
        prices:
          - { product: machine, currency: EUR, from: 2020-01-01, price: 0.5 }
        taxes:
          - { country: DE, percent: 19, from: 2020-01-01 }
        """;

    public SliceHost Host => host;

    public Db Db => host.Db;

    public EveryProject Identity => (EveryProject)host.Parts.GetRequiredService<IIdentity>();

    public static async Task<BillingCloud> Start(string kind, bool keepers = false, Action<IServiceCollection>? more = null)
    {
        var host = await SliceHost.Build(kind, [new BillingModule()], services =>
        {
            services.AddSingleton<IIdentity, EveryProject>();
            more?.Invoke(services);
        });
        await host.Parts.GetRequiredService<IBillingStart>().Bootstrap(CancellationToken.None);
        await host.Run(keepers);
        return new(host);
    }

    public async Task<(int Status, JsonElement Body)> Send(HttpMethod method, string path, object? body = null, string token = "admin")
    {
        using var request = new HttpRequestMessage(method, "/billing/v1" + path) { Content = body as HttpContent ?? (body is null ? null : JsonContent.Create(body)) };
        request.Headers.Add("X-Auth-Token", token);
        using var answer = await host.Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.Length > 0 && text[0] == '{' ? JsonDocument.Parse(text).RootElement.Clone() : default);
    }

    public async Task<JsonElement> Get(string path, string token = "admin")
    {
        var (status, body) = await Send(HttpMethod.Get, path, token: token);
        status.ShouldBe(200, body.ToString());
        return body;
    }

    public async Task Import(string book = Prices) => (await Send(HttpMethod.Put, "/prices?retroactive=true", new StringContent(book))).Status.ShouldBe(200);

    /// <summary>Something ran; null while it does.</summary>
    public Task Ran(string project, long from, long? to, string resource = "vm", string meter = "server.running") => Db.Write(tx => tx.Execute(
        """
        INSERT INTO usage_span (id, meter, resource_id, project_id, quantity, unit, attributes, opened_at, closed_at)
        VALUES (@id, @meter, @resource, @project, 1, 'server', '{}', @from, @to)
        """,
        new { id = Guid.NewGuid().ToString(), meter, resource, project, from, to }));

    /// <summary>Sets the account back, as if nothing had been invoiced since the first of an earlier month.</summary>
    public async Task<Period> Back(string account, int months)
    {
        var now = await Db.Now();
        var first = Zone.Utc.Day(now).AddMonths(-months);
        var month = Period.Month(first, Zone.Utc);
        await Db.Write(tx => tx.Execute("UPDATE billing_account SET closed_until = @from WHERE id = @account", new { account, from = month.From }));
        return month;
    }

    public async Task<Account> Account(string id) => (await Db.Read(r => AccountStore.Find(r, id)))!;

    public ValueTask DisposeAsync() => host.DisposeAsync();

    /// <summary>Knows every project but nowhere, and which are suspended.</summary>
    public sealed class EveryProject : IIdentity
    {
        public System.Collections.Concurrent.ConcurrentDictionary<string, string> Suspended { get; } = new();

        public Task<ProjectInfo?> Project(Reader reader, string projectId) => Task.FromResult<ProjectInfo?>(projectId == "nowhere" ? null : new(projectId, projectId, "default", true));

        public Task<IReadOnlyList<ProjectInfo>> Projects(Reader reader) => Task.FromResult<IReadOnlyList<ProjectInfo>>([.. Suspended.Select(s => new ProjectInfo(s.Key, s.Key, "default", true, s.Value))]);

        public Task SuspendProject(Tx tx, string projectId, string reason)
        {
            tx.AfterCommit(() => Suspended[projectId] = reason);
            return Task.CompletedTask;
        }

        public System.Collections.Concurrent.ConcurrentDictionary<string, int> Released { get; } = new();

        public Task ReleaseProject(Tx tx, string projectId)
        {
            tx.AfterCommit(() => Released.AddOrUpdate(projectId, 1, (_, n) => n + 1));
            return Task.CompletedTask;
        }

        public Task ResumeProject(Tx tx, string projectId)
        {
            tx.AfterCommit(() => Suspended.TryRemove(projectId, out _));
            return Task.CompletedTask;
        }

        public Task Bootstrap(string adminPassword, CancellationToken cancel) => throw new NotSupportedException();

        public Task SetPassword(string userName, string password, CancellationToken cancel) => throw new NotSupportedException();
    }
}
