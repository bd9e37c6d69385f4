namespace Ciel.Services.ObjectStorage.Door;

/// <summary>The faults that several operations share.</summary>
internal static class Faults
{
    public static S3Fault AccessDenied(string message = "Access Denied") => new(403, "AccessDenied", message);

    public static S3Fault NoSuchBucket(string name) => new(404, "NoSuchBucket", "The specified bucket does not exist") { Extra = [("BucketName", name)] };

    public static S3Fault NoSuchKey(string key, params (string Name, string Value)[] headers) =>
        new(404, "NoSuchKey", "The specified key does not exist.") { Extra = [("Key", key)], Headers = headers };

    public static S3Fault NoSuchVersion(string key, string version) =>
        new(404, "NoSuchVersion", "The specified version does not exist.") { Extra = [("Key", key), ("VersionId", version)] };

    public static S3Fault NoSuchUpload(string upload) =>
        new(404, "NoSuchUpload", "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.") { Extra = [("UploadId", upload)] };

    public static S3Fault InvalidArgument(string name, string? value, string message) =>
        new(400, "InvalidArgument", message) { Extra = [("ArgumentName", name), ("ArgumentValue", value ?? "")] };

    public static S3Fault BadSignature(string access, string toSign, string signature) =>
        new(403, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided. Check your key and signing method.")
        {
            Extra = [("AWSAccessKeyId", access), ("StringToSign", toSign), ("SignatureProvided", signature)],
        };

    public static S3Fault InvalidRequest(string message) => new(400, "InvalidRequest", message);

    public static S3Fault MalformedXml() => new(400, "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema");

    public static S3Fault Precondition(string condition) =>
        new(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold") { Extra = [("Condition", condition)] };

    public static S3Fault NotImplemented(string what) => new(501, "NotImplemented", $"{what} is not implemented");

    public static S3Fault MethodNotAllowed(string method) =>
        new(405, "MethodNotAllowed", "The specified method is not allowed against this resource.") { Extra = [("Method", method)] };

    public static S3Fault Busy() => new(503, "SlowDown", "Please reduce your request rate.") { Headers = [("Retry-After", "1")] };

    public static S3Fault TooLarge(long most) =>
        new(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size") { Extra = [("MaxSizeAllowed", most.ToString())] };
}
