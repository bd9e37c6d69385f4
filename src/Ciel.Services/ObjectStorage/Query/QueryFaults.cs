using Ciel.Services.ObjectStorage.Door;

namespace Ciel.Services.ObjectStorage.Query;

/// <summary>Errors of the query protocol ("Common errors" of IAM's and STS's API references).</summary>
internal static class QueryFaults
{
    public static S3Fault Invalid(string message) => new(400, "ValidationError", message);

    public static S3Fault NoToken() => new(403, "MissingAuthenticationToken", "Request is missing Authentication Token");

    public static S3Fault Malformed(string message) => new(400, "MalformedPolicyDocument", message);

    public static S3Fault NotAllowed(string arn, string action, string resource) =>
        new(403, "AccessDenied", $"User: {arn} is not authorized to perform: {action} on resource: {resource}");

    /// <summary>The name here of what the door itself refuses by S3's.</summary>
    public static string Code(S3Fault fault) => fault.Code switch
    {
        "InvalidAccessKeyId" or "InvalidToken" => "InvalidClientTokenId",
        "AuthorizationHeaderMalformed" => "IncompleteSignature",
        "RequestTimeTooSkewed" => "SignatureDoesNotMatch",
        "InternalError" => "InternalFailure",
        "SlowDown" => "Throttling",
        var same => same,
    };
}
