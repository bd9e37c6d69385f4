using System.Text.Json;
using Ciel.Core;
using Ciel.Core.Keepers;
using Ciel.Core.Ledger;
using Ciel.Services.Billing;
using Ciel.Services.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ciel.Tests.Billing.Crash;

/// <summary>Billing as a process that is killed and begins again over the same store and the same counters' files.</summary>
internal sealed class LifeProcess : IAsyncDisposable
{
    private static readonly IReadOnlyList<IServiceModule> Modules = [new BillingModule()];
    private static readonly UsageMeter[] Meters = [new("object.requests", "request")];
    private readonly DirectoryInfo _counts = TestDirectory.Create("ciel-life-");
    private SliceHost _host = null!;
    private KeeperEngine _engine = null!;

    private LifeProcess(MortalDb db) => Db = db;

    public MortalDb Db { get; }

    public UsageCounters Counters { get; private set; } = null!;

    /// <summary>How often it was killed.</summary>
    public int Deaths { get; private set; }

    public static async Task<LifeProcess> Begin(MortalDb db)
    {
        var life = new LifeProcess(db);
        await life.Do("start", _ => Task.CompletedTask, begin: true);
        return life;
    }

    public static long Instant(int year, int month, int day, int hour) => new DateTimeOffset(year, month, day, hour, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds() * 1000;

    public Task At(int year, int month, int day, int hour)
    {
        Db.Clock = Instant(year, month, day, hour);
        return Task.CompletedTask;
    }

    /// <summary>Lets the keepers work until they rest.</summary>
    public Task Work() => Do("keepers", async _ =>
    {
        while (await _engine.RunOnce(CancellationToken.None))
        {
            Db.IsDead.ShouldBeFalse();
        }
    });

    /// <summary>Does something; where the process dies of it, another begins and does it again.</summary>
    public async Task Do(string what, Func<LifeProcess, Task> act, bool begin = false)
    {
        for (var tries = 0; tries < 3; tries++)
        {
            try
            {
                Db.Doing = what;
                if (begin)
                {
                    await Start();
                    begin = false;
                }

                await act(this);
                if (!Db.IsDead)
                {
                    return;
                }
            }
            catch (Exception) when (Db.IsDead)
            {
                // Whatever it died of: nobody heard of it.
            }

            Deaths++;
            Db.Rise();
            begin = true;
        }

        throw new InvalidOperationException($"{what} does not come to an end");
    }

    /// <summary>One call, whose answer must be as said.</summary>
    public async Task<JsonElement> Send(string method, string path, string? body, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/billing/v1" + path) { Content = body is null ? null : new StringContent(body) };
        request.Headers.Add("X-Auth-Token", "admin");
        using var answer = await _host.Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(status, $"{method} {path}: {text}");
        return text.Length > 0 ? JsonDocument.Parse(text).RootElement.Clone() : default;
    }

    public async Task<IReadOnlyList<Thing>> List(string path, string name) => [.. (await Send("GET", path, null, 200)).GetProperty(name).EnumerateArray().Select(e => new Thing(e))];

    /// <summary>Makes a thing, unless it is there.</summary>
    public async Task Unless(string list, string name, Func<Thing, bool> same, string method, string path, string body)
    {
        if (!(await List(list, name)).Any(same))
        {
            await Send(method, path, body, 201);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await Counters.DisposeAsync();
        _counts.Delete(recursive: true);
    }

    // As the program starts: what a predecessor left is folded and its leases end. The one before is left as it was when it died.
    private async Task Start()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        _host = SliceHost.Again(Db, Modules, services => services.AddSingleton<IIdentity, Standing>());
        await _host.Run(keepers: false);
        _engine = new KeeperEngine(
            Db, _host.Parts.GetRequiredService<KeeperBell>(), _host.Parts.GetServices<Keeper>(), new Trust.ManualTime(), new Random(1), NullLogger.Instance, new KeeperEngineOptions { Width = 1 });
        Counters = new UsageCounters(Db, new CounterOptions(_counts.FullName), "life", Meters, new Still(), NullLogger<UsageCounters>.Instance);
        await _host.Parts.GetRequiredService<IBillingStart>().Bootstrap(CancellationToken.None);
        await _engine.BreakLeases(CancellationToken.None);
        await Counters.Begin(CancellationToken.None);
    }

    /// <summary>No timer ever rings.</summary>
    private sealed class Still : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Silent();

        private sealed class Silent : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
                // It holds nothing.
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}

/// <summary>One thing of a list in an answer.</summary>
internal sealed record Thing(JsonElement Json)
{
    public string Text(string name) => Json.GetProperty(name).GetString()!;

    public long Number(string name) => Json.GetProperty(name).GetInt64();
}
