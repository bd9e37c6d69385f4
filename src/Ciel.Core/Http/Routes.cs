using Ciel.Core.Errors;
using Ciel.Core.Policy;
using Ciel.Core.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Ciel.Core.Http;

/// <summary>Answers one call.</summary>
public delegate Task Handler(Call call);

/// <summary>
/// A service's routes. Each handler is wrapped once: request id, microversion, token, and whatever it throws in the service's own
/// error body. Handlers are plain delegates, so nothing is reflected at start.
/// </summary>
public sealed partial class Routes
{
    private readonly IEndpointRouteBuilder _app;
    private readonly ServiceDoor _door;
    private readonly IAuthenticator _authenticator;
    private readonly Ids _ids;
    private readonly ILogger _log;

    /// <summary>Begins a service's routes and answers every other path under its prefix with its own 404.</summary>
    public Routes(IEndpointRouteBuilder app, ServiceDoor door, IAuthenticator authenticator, Ids ids, ILogger log)
    {
        (_app, _door, _authenticator, _ids, _log) = (app, door, authenticator, ids, log);
        app.Map(door.Prefix + "/{**rest}", Wrap(_ => throw Fault.NotFound("The resource could not be found."), anonymous: true)).WithOrder(1000);
    }

    /// <summary>GET, and HEAD where the API has it by itself.</summary>
    public void Get(string path, Handler handler) => Map("GET", path, handler);

    /// <summary>POST.</summary>
    public void Post(string path, Handler handler) => Map("POST", path, handler);

    /// <summary>PUT.</summary>
    public void Put(string path, Handler handler) => Map("PUT", path, handler);

    /// <summary>PATCH.</summary>
    public void Patch(string path, Handler handler) => Map("PATCH", path, handler);

    /// <summary>DELETE.</summary>
    public void Delete(string path, Handler handler) => Map("DELETE", path, handler);

    /// <summary>HEAD.</summary>
    public void Head(string path, Handler handler) => Map("HEAD", path, handler);

    /// <summary>A route that needs no token.</summary>
    public void Open(string method, string path, Handler handler) =>
        _app.MapMethods(_door.Prefix + path, [method], Wrap(handler, anonymous: true)).WithMetadata(new OpenRoute());

    private void Map(string method, string path, Handler handler) =>
        _app.MapMethods(_door.Prefix + path, [method], Wrap(handler, anonymous: false));

    private RequestDelegate Wrap(Handler handler, bool anonymous) => async http =>
    {
        var requestId = "req-" + _ids.Uuid();
        http.Response.Headers["X-OpenStack-Request-Id"] = requestId;
        if (_door.Name == "compute")
        {
            http.Response.Headers["X-Compute-Request-Id"] = requestId;
        }

        if (_door.Vary is { } vary)
        {
            http.Response.Headers.Append("Vary", vary);
        }

        Call? call = null;
        try
        {
            var version = MicroversionHeader.Read(http, _door.Microversions);
            Actor? actor = anonymous ? null : (await _authenticator.Authenticate(http)) with { RequestId = requestId };
            call = new Call(http, _door, requestId, version, actor);
            RequireName(http.Request);
            RequireStanding(http.Request, actor);
            await handler(call);
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            if (e is OperationCanceledException or IOException && http.RequestAborted.IsCancellationRequested)
            {
                return;
            }

            var fault = ToFault(e, requestId);
            call ??= new Call(http, _door, requestId, 0, null);
            await Answer(call, fault);
        }
    };

    // Whose project is suspended may look, fetch and delete.
    private void RequireStanding(HttpRequest request, Actor? actor)
    {
        if (actor is { Suspended: { } reason, IsAdmin: false } && !_door.OpenToSuspended && request.Method is not ("GET" or "HEAD" or "DELETE"))
        {
            throw Fault.Forbidden($"The project is suspended: {reason}");
        }
    }

    // No column can hold a NUL, so nothing that has one in its name exists.
    private void RequireName(HttpRequest request)
    {
        if (request.QueryString.Value!.Contains("%00", StringComparison.Ordinal))
        {
            throw Fault.BadRequest("The query contains a NUL character.");
        }

        if (_door.StrictSlash && request.Path.Value is { Length: > 1 } path && path[^1] == '/' && path.Length > _door.Prefix.Length + 1)
        {
            throw Fault.NotFound("The resource could not be found.");
        }
    }

    private Fault ToFault(Exception e, string requestId)
    {
        switch (e)
        {
            case Fault fault:
                return fault;
            case StoreBusyException:
                return Fault.Busy();
            case UniqueViolationException:
                return Fault.Conflict("Another request has just made the same. Look, then try again.");
            case BadHttpRequestException bad:
                return new Fault(bad.StatusCode, "BadRequest", bad.StatusCode == StatusCodes.Status408RequestTimeout
                    ? "The request body arrived too slowly. Send it again without pauses."
                    : "The request body could not be read to its end. Check its length and its chunks.");
            default:
                LogUnexpected(_log, requestId, e);
                return new Fault(500, "InternalServerError", $"The request failed on our side and was noted as {requestId}. Nothing half-made was kept. Try again, or tell the operator that id.");
        }
    }

    private static Task Answer(Call call, Fault fault)
    {
        // They described what did not come.
        call.Http.Response.Headers.ContentMD5 = default;
        call.Http.Response.Headers.ContentRange = default;
        foreach (var (name, value) in fault.Headers)
        {
            call.Http.Response.Headers[name] = value;
        }

        if (fault.Status == 401)
        {
            call.Http.Response.Headers.WWWAuthenticate = $"Keystone uri=\"{ServiceDoor.IdentityUri(call.Http.Request)}\"";
        }

        return call.Json(fault.Status, json => call.Door.WriteFault(json, fault));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{RequestId} failed unexpectedly")]
    private static partial void LogUnexpected(ILogger log, string requestId, Exception e);
}

/// <summary>Marks a route that needs no token, for the test that walks every route as a stranger.</summary>
public sealed class OpenRoute;
