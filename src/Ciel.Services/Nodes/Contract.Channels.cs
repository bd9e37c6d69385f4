using Ciel.Agent.Contract;

namespace Ciel.Services.Nodes;

/// <summary>Connects agents to this controller; only the program's composition does.</summary>
public interface INodeChannels
{
    /// <summary>Takes a node into service: its facts and its inventory first.</summary>
    Task Attach(IAgent agent, CancellationToken cancel);
}
