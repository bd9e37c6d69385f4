using System.Collections.Concurrent;
using Ciel.Agent;
using Ciel.Agent.Contract;

namespace Ciel.Tests.Agent;

/// <summary>A driver that does as the test says.</summary>
internal sealed class FakeDriver : IDriver
{
    public IReadOnlyList<string> Kinds { get; } = ["machine"];

    public ConcurrentQueue<string> Calls { get; } = new();

    public Func<string, Task<Observed>> OnEnsure { get; set; } = _ => Task.FromResult(new Observed(ObjectStates.Ready));

    public Dictionary<string, Observed> Adopted { get; } = [];

    public async Task<Observed> Ensure(string name, ObjectSpec spec, CancellationToken cancel)
    {
        Calls.Enqueue("ensure " + name);
        return await OnEnsure(name);
    }

    public Task<Observed> Absent(string name, CancellationToken cancel)
    {
        Calls.Enqueue("absent " + name);
        return Task.FromResult(new Observed(ObjectStates.Absent));
    }

    public Task<IReadOnlyDictionary<string, Observed>> Adopt(CancellationToken cancel) =>
        Task.FromResult<IReadOnlyDictionary<string, Observed>>(Adopted);

    public Task<IReadOnlyList<NodeFeature>> Detect(CancellationToken cancel) => Task.FromResult<IReadOnlyList<NodeFeature>>([]);

    public Task<Stream> Open(string name, string stream, CancellationToken cancel) => Task.FromResult<Stream>(new MemoryStream());
}
