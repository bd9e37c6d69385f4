namespace Ciel.Services.ObjectStorage.Swift;

/// <summary>Pages elsewhere that may use a container, as its metadata has it (<c>X-Container-Meta-Access-Control-Allow-Origin</c>).</summary>
internal sealed class SwiftCors(Containers containers)
{
    private const string Meta = "access-control-";

    public async Task Preflight(SwiftCall call)
    {
        if (await Origin(call) is not { } origin || call.Header("Access-Control-Request-Method") is null)
        {
            throw SwiftFaults.Unauthorized();
        }

        call.Answer("Access-Control-Allow-Origin", origin.Value);
        call.Answer("Access-Control-Allow-Methods", "HEAD, GET, PUT, POST, COPY, OPTIONS, DELETE");
        call.Answer("Access-Control-Allow-Headers", call.Header("Access-Control-Request-Headers"));
        call.Answer("Access-Control-Max-Age", origin.Meta.GetValueOrDefault(Meta + "max-age"));
        call.Answer("Vary", "Origin, Access-Control-Request-Headers");
        await call.Empty(200);
    }

    /// <summary>Tells the page that asks whether it may read the answer.</summary>
    public async Task Allow(SwiftCall call)
    {
        if (await Origin(call) is { } origin)
        {
            call.Answer("Access-Control-Allow-Origin", origin.Value);
            call.Answer("Access-Control-Expose-Headers", $"cache-control, content-language, content-type, expires, last-modified, etag, x-timestamp, x-trans-id, {origin.Meta.GetValueOrDefault(Meta + "expose-headers", "")}".TrimEnd(',', ' '));
            call.Answer("Vary", "Origin");
        }
    }

    private async Task<(string Value, IReadOnlyDictionary<string, string> Meta)?> Origin(SwiftCall call)
    {
        if (call.Header("Origin") is not { Length: > 0 } origin || call.Target.Container is not { } container
            || await containers.Find(call.Account, container, call.Cancel) is not { } bucket)
        {
            return null;
        }

        var meta = ContainerSettings.Of(bucket).Meta;
        var allowed = meta.GetValueOrDefault(Meta + "allow-origin", "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return allowed.Contains("*") ? ("*", meta) : allowed.Contains(origin, StringComparer.OrdinalIgnoreCase) ? (origin, meta) : null;
    }
}
