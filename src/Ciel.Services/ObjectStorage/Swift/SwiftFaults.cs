using Ciel.Services.ObjectStorage.Door;

namespace Ciel.Services.ObjectStorage.Swift;

/// <summary>Refusals in Swift's words. They are S3's fault type, because the storage below throws that.</summary>
internal static class SwiftFaults
{
    public static S3Fault BadRequest(string message) => new(400, "BadRequest", message);

    public static S3Fault Unauthorized() => new(401, "Unauthorized", "This server could not verify that you are authorized to access the document you requested.")
    {
        Headers = [("WWW-Authenticate", "Swift realm=\"AUTH\""), ("WWW-Authenticate", "Keystone uri=\"/identity\"")],
    };

    public static S3Fault Forbidden() => new(403, "Forbidden", "Access was denied to this resource.");

    public static S3Fault NotFound() => new(404, "NotFound", "The resource could not be found.");

    public static S3Fault NotAllowed(string method) => new(405, "MethodNotAllowed", $"The method {method} is not allowed for this resource.");

    public static S3Fault TooLarge(string message = "The body of your request was too large for this server.") => new(413, "RequestEntityTooLarge", message);

    public static S3Fault Unprocessable(string message) => new(422, "UnprocessableEntity", message);

    /// <summary>The status here of what the storage refuses by S3's.</summary>
    public static int Status(S3Fault fault) => fault.Code switch
    {
        "BadDigest" or "InvalidDigest" => 422,
        "EntityTooLarge" or "QuotaExceeded" => 413,
        "IncompleteBody" => 499,
        "KeyTooLongError" => 400,
        _ => fault.Status,
    };
}
