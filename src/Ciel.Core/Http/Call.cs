using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ciel.Core.Errors;
using Ciel.Core.Policy;
using Microsoft.AspNetCore.Http;

namespace Ciel.Core.Http;

/// <summary>One request to a service: who asks, what for, in which microversion, and how to answer.</summary>
public sealed class Call
{
    private static readonly JsonDocumentOptions JsonOptions = new() { MaxDepth = 32, AllowDuplicateProperties = false };
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly Actor? _actor;

    internal Call(HttpContext http, ServiceDoor door, string requestId, int version, Actor? actor) =>
        (Http, Door, RequestId, Version, _actor) = (http, door, requestId, version, actor);

    /// <summary>The HTTP exchange.</summary>
    public HttpContext Http { get; }

    /// <summary>The service asked.</summary>
    public ServiceDoor Door { get; }

    /// <summary>Such as <c>req-0194…</c>; in every answer's X-OpenStack-Request-Id.</summary>
    public string RequestId { get; }

    /// <summary>The minor microversion; 0 where the API has none.</summary>
    public int Version { get; }

    /// <summary>Who asks.</summary>
    public Actor Actor => _actor ?? throw Fault.Unauthorized();

    /// <summary>Cancelled when the client goes away.</summary>
    public CancellationToken Cancel => Http.RequestAborted;

    /// <summary>The service's root as this client sees it, such as <c>http://127.0.0.1:8780/compute</c>; for absolute links.</summary>
    public string BaseUrl => $"{Http.Request.Scheme}://{Http.Request.Host}{Door.Prefix}";

    /// <summary>A value from the route.</summary>
    public string Route(string name) => (string)Http.Request.RouteValues[name]!;

    /// <summary>The last value of a query parameter; null where it is missing.</summary>
    public string? Query(string name) => Http.Request.Query.TryGetValue(name, out var values) && values.Count > 0 ? values[^1] : null;

    /// <summary>Refuses microversions below one with 404, as for a route that does not exist yet.</summary>
    public void Since(int minor)
    {
        if (Version < minor)
        {
            throw Fault.NotFound("The resource could not be found.");
        }
    }

    /// <summary>Refuses microversions from one on with 404, as for a route that exists no more.</summary>
    public void Until(int minor)
    {
        if (Version > minor)
        {
            throw Fault.NotFound("The resource could not be found.");
        }
    }

    /// <summary>Reads the body as one JSON object.</summary>
    /// <exception cref="Fault">400 for anything else, 413 beyond <see cref="ServiceDoor.MaxBody"/>.</exception>
    public async Task<Input> Body() => await BodyJson() is { ValueKind: JsonValueKind.Object } json
        ? new Input(json, "", Door)
        : throw Fault.BadRequest("The request body must be a JSON object.");

    /// <summary>Reads the body as a JSON array of objects.</summary>
    /// <exception cref="Fault">400 for anything else, 413 beyond <see cref="ServiceDoor.MaxBody"/>.</exception>
    public async Task<IReadOnlyList<Input>> BodyObjects() =>
        await BodyJson() is { ValueKind: JsonValueKind.Array } json && json.EnumerateArray().All(e => e.ValueKind == JsonValueKind.Object)
            ? [.. json.EnumerateArray().Select(e => new Input(e, "", Door))]
            : throw Fault.BadRequest("The request body must be a JSON array of objects.");

    private async Task<JsonElement> BodyJson()
    {
        var bytes = await BodyBytes(Door.MaxBody);
        try
        {
            JsonText.Check(bytes.Span);
            var document = JsonDocument.Parse(bytes, JsonOptions);
            Http.Response.RegisterForDispose(document);
            return document.RootElement;
        }
        catch (JsonException)
        {
            throw Fault.BadRequest("The request body is not valid JSON. Check quotes, commas and brackets.");
        }
    }

    /// <summary>Reads a small body whole.</summary>
    /// <exception cref="Fault">413 beyond the limit.</exception>
    public async Task<ReadOnlyMemory<byte>> BodyBytes(int limit)
    {
        if (Http.Request.ContentLength > limit)
        {
            throw Fault.TooLarge($"The request body is larger than {limit} bytes.");
        }

        var buffer = new ArrayBufferWriter<byte>((int)(Http.Request.ContentLength ?? 1024) + 1);
        while (true)
        {
            var read = await Http.Request.Body.ReadAsync(buffer.GetMemory(1024), Cancel);
            if (read == 0)
            {
                return buffer.WrittenMemory;
            }

            buffer.Advance(read);
            if (buffer.WrittenCount > limit)
            {
                throw Fault.TooLarge($"The request body is larger than {limit} bytes.");
            }
        }
    }

    /// <summary>Answers with JSON.</summary>
    public async Task Json(int status, Action<Utf8JsonWriter> write, string contentType = "application/json")
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Writing))
        {
            write(writer);
        }

        Http.Response.StatusCode = status;
        Http.Response.ContentType = contentType;
        Http.Response.ContentLength = buffer.WrittenCount;
        if (!HttpMethods.IsHead(Http.Request.Method))
        {
            await Http.Response.Body.WriteAsync(buffer.WrittenMemory, Cancel);
        }
    }

    /// <summary>Answers without a body.</summary>
    public Task Empty(int status)
    {
        Http.Response.StatusCode = status;
        if (status != StatusCodes.Status204NoContent)
        {
            Http.Response.ContentLength = 0;
        }

        return Task.CompletedTask;
    }
}
