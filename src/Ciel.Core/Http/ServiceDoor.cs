using System.Text.Json;
using Ciel.Core.Errors;
using Microsoft.AspNetCore.Http;

namespace Ciel.Core.Http;

/// <summary>One service behind a door: where its routes begin and how its errors look.</summary>
/// <param name="Name">Such as <c>compute</c>.</param>
/// <param name="Prefix">Such as <c>/compute</c>.</param>
/// <param name="WriteFault">Writes the API's own error body.</param>
/// <param name="Microversions">Null where the API has none.</param>
public sealed record ServiceDoor(string Name, string Prefix, Action<Utf8JsonWriter, Fault> WriteFault, Microversions? Microversions = null)
{
    /// <summary>The largest JSON body in bytes; larger ones get 413.</summary>
    public int MaxBody { get; init; } = 112 * 1024;

    /// <summary>How this API words a refused field: path, value, problem to message. Null takes Nova's way.</summary>
    public Func<string, string, string, string>? InputWords { get; init; }

    /// <summary>Whether numbers and booleans are also taken as strings, as Nova and Neutron do.</summary>
    public bool Lenient { get; init; }

    /// <summary>A request header that every answer of this API varies by; null for none.</summary>
    public string? Vary { get; init; }

    /// <summary>Whether a suspended project's users may do here what they may do elsewhere: log in, see their bills.</summary>
    public bool OpenToSuspended { get; init; }

    /// <summary>Whether a path with a slash at its end is another path, which names nothing (an id that is empty).</summary>
    public bool StrictSlash { get; init; }

    /// <summary>Where a client finds the identity service, for WWW-Authenticate.</summary>
    internal static string IdentityUri(HttpRequest request) => $"{request.Scheme}://{request.Host}/identity";
}
