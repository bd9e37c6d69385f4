using Ciel.Core.Errors;
using Ciel.Core.Http;

namespace Ciel.Services.Compute;

/// <summary>What the metadata pages of servers and of images have in common: <c>{"metadata": {…}}</c> and <c>{"meta": {key: value}}</c>.</summary>
internal static class MetadataItems
{
    /// <summary>Reads <c>{"meta": {key: value}}</c>, whose key is the route's.</summary>
    /// <exception cref="Fault">400 where it is another, or more than one.</exception>
    public static async Task<(string Key, string Value)> ReadOne(Call call)
    {
        var body = await call.Body();
        var items = body.Has("meta") ? ServerFields.Metadata(body, "meta") : throw Required("meta");
        body.Done();
        var key = call.Route("key");
        return items.Count == 1 && items.TryGetValue(key, out var value) ? (key, value) : throw Fault.BadRequest("Request body and URI mismatch");
    }

    public static Fault Required(string name) => Fault.BadRequest($"Malformed request body: '{name}' is a required property");

    public static Fault NoItem() => Fault.NotFound("Metadata item was not found");

    public static Task Answer(Call call, IReadOnlyDictionary<string, string> metadata) => call.Json(200, json =>
    {
        json.WriteStartObject();
        ComputeJson.Write(json, "metadata", metadata);
        json.WriteEndObject();
    });

    public static Task AnswerOne(Call call, string key, string value) => call.Json(200, json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("meta");
        json.WriteString(key, value);
        json.WriteEndObject();
        json.WriteEndObject();
    });
}
