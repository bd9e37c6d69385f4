using System.Text.Json;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>One collection of the API for another service of the program, behind <see cref="INetworkPages"/>.</summary>
internal interface IPages
{
    /// <summary>The collection's path, such as <c>security-groups</c>.</summary>
    string Path { get; }

    Task<IReadOnlyList<JsonElement>> List(Actor actor, IReadOnlyDictionary<string, string> filters, CancellationToken cancel);

    Task<JsonElement> Create(Tx tx, Actor actor, JsonElement attributes);

    Task<JsonElement> Update(Tx tx, Actor actor, string id, JsonElement attributes);

    Task Delete(Tx tx, Actor actor, string id);
}
