using Ciel.Core.Errors;
using Ciel.Core.Http;

namespace Ciel.Services.Compute;

/// <summary>Carries out one verb of <c>POST /servers/ID/action</c>.</summary>
/// <param name="call">The call.</param>
/// <param name="body">The whole body; the verb is its one field.</param>
/// <param name="id">The server.</param>
internal delegate Task ServerActionHandler(Call call, Input body, string id);

/// <summary>Some of the verbs.</summary>
internal interface IServerActions
{
    /// <summary>The API's word to its handler.</summary>
    IReadOnlyDictionary<string, ServerActionHandler> Handlers { get; }
}

/// <summary>The one route of all verbs (Compute API reference, "Servers - run an action").</summary>
internal sealed class ServerActionApi(IEnumerable<IServerActions> groups)
{
    private readonly Dictionary<string, ServerActionHandler> _handlers = groups.SelectMany(g => g.Handlers).ToDictionary();

    public void Map(Routes routes) => routes.Post("/v2.1/servers/{id}/action", Act);

    private async Task Act(Call call)
    {
        var body = await call.Body();
        if (body.Names.FirstOrDefault() is not { } verb)
        {
            throw Fault.BadRequest("Malformed request body");
        }

        if (!_handlers.TryGetValue(verb, out var handler))
        {
            throw Fault.BadRequest($"There is no such action: {verb}. Available actions: {string.Join(", ", _handlers.Keys.Order(StringComparer.Ordinal))}");
        }

        await handler(call, body, call.Route("id"));
    }
}
