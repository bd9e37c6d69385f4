namespace Ciel.Core.Errors;

/// <summary>
/// What went wrong, for the client that asked. Thrown anywhere below a door; the door words it in its API's own error body. The
/// message is a sentence that says what to do.
/// </summary>
public sealed class Fault : Exception
{
    /// <summary>A fault with its HTTP status.</summary>
    /// <param name="status">HTTP status.</param>
    /// <param name="kind">The name that the API gives this fault where its errors bear one, such as Neutron's <c>NetworkNotFound</c>; else the reason phrase.</param>
    /// <param name="message">A sentence for the user.</param>
    public Fault(int status, string kind, string message)
        : base(message) => (Status, Kind) = (status, kind);

    /// <summary>HTTP status.</summary>
    public int Status { get; }

    /// <summary>The API's name of the fault.</summary>
    public string Kind { get; }

    /// <summary>Further answer headers, such as Retry-After.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>400.</summary>
    public static Fault BadRequest(string message, string kind = "BadRequest") => new(400, kind, message);

    /// <summary>401.</summary>
    public static Fault Unauthorized(string message = "The request you have made requires authentication.") => new(401, "Unauthorized", message);

    /// <summary>403.</summary>
    public static Fault Forbidden(string message = "You are not authorized to perform the requested action.", string kind = "Forbidden") => new(403, kind, message);

    /// <summary>404.</summary>
    public static Fault NotFound(string message, string kind = "NotFound") => new(404, kind, message);

    /// <summary>409.</summary>
    public static Fault Conflict(string message, string kind = "Conflict") => new(409, kind, message);

    /// <summary>413.</summary>
    public static Fault TooLarge(string message, string kind = "RequestEntityTooLarge") => new(413, kind, message);

    /// <summary>503 with Retry-After.</summary>
    public static Fault Busy(string message = "The service is busy. Try again in a moment.") =>
        new(503, "ServiceUnavailable", message) { Headers = new Dictionary<string, string> { ["Retry-After"] = "1" } };
}
