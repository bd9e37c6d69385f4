using System.Text.Json;

namespace Ciel.Core.Http;

/// <summary>The two shapes of nearly every answer: one thing under its name, or many.</summary>
public static class Answers
{
    /// <summary>Answers <c>{"server": …}</c>.</summary>
    /// <param name="call">Who asked.</param>
    /// <param name="name">Such as <c>server</c>.</param>
    /// <param name="write">Writes the value.</param>
    /// <param name="status">HTTP status.</param>
    public static Task One(this Call call, string name, Action<Utf8JsonWriter> write, int status = 200) => call.Json(status, json =>
    {
        json.WriteStartObject();
        json.WritePropertyName(name);
        write(json);
        json.WriteEndObject();
    });

    /// <summary>Answers <c>{"servers": […]}</c>.</summary>
    /// <param name="call">Who asked.</param>
    /// <param name="name">Such as <c>servers</c>.</param>
    /// <param name="things">In the order to show.</param>
    /// <param name="write">Writes one of them.</param>
    /// <param name="more">Writes fields behind the list, such as links to the next page.</param>
    /// <param name="status">HTTP status.</param>
    public static Task Many<T>(
        this Call call,
        string name,
        IEnumerable<T> things,
        Action<Utf8JsonWriter, T> write,
        Action<Utf8JsonWriter>? more = null,
        int status = 200) => call.Json(status, json =>
    {
        json.WriteStartObject();
        json.WriteStartArray(name);
        foreach (var thing in things)
        {
            write(json, thing);
        }

        json.WriteEndArray();
        more?.Invoke(json);
        json.WriteEndObject();
    });
}
