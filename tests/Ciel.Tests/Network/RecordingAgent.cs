using System.Collections.Concurrent;
using Ciel.Agent.Contract;

namespace Ciel.Tests.Network;

/// <summary>Keeps the newest spec of each object that the node was asked for.</summary>
internal sealed class RecordingAgent(IAgent inner) : IAgent
{
    public ConcurrentDictionary<string, ObjectSpec> Specs { get; } = new();

    /// <summary>How many more calls are lost: odd ones before they reach the node, even ones on their way back.</summary>
    public int Losses { get; set; }

    public NetworkSpec? Network(string id) => Specs.GetValueOrDefault(ObjectName.Network(id)) as NetworkSpec;

    public RouterSpec? Router(string id) => Specs.GetValueOrDefault(ObjectName.Router(id)) as RouterSpec;

    public async Task<Report> Ensure(EnsureRequest request, CancellationToken cancel)
    {
        var lost = Lose();
        var report = await inner.Ensure(request, cancel);
        Specs[request.Name] = request.Spec;
        return lost ? throw new IOException("the reply is lost") : report;
    }

    public async Task<Report> Absent(AbsentRequest request, CancellationToken cancel)
    {
        var lost = Lose();
        var report = await inner.Absent(request, cancel);
        Specs.TryRemove(request.Name, out _);
        return lost ? throw new IOException("the reply is lost") : report;
    }

    public Task<IReadOnlyList<Report>> Inventory(CancellationToken cancel) => inner.Inventory(cancel);

    public Task<NodeFacts> Facts(CancellationToken cancel) => inner.Facts(cancel);

    public Task<Stream> Open(string name, string stream, CancellationToken cancel) => inner.Open(name, stream, cancel);

    // Whether the reply is to be lost; throws where the request is.
    private bool Lose()
    {
        if (Losses <= 0)
        {
            return false;
        }

        return Losses-- % 2 == 0 ? true : throw new IOException("the request is lost");
    }
}
