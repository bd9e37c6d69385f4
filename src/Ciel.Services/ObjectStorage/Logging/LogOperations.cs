using Ciel.Services.ObjectStorage.Door;
using Microsoft.AspNetCore.Http;

namespace Ciel.Services.ObjectStorage.Logging;

/// <summary>What access logs call operations: <c>REST.METHOD.RESOURCE</c>.</summary>
internal static class LogOperations
{
    private static readonly Dictionary<string, string> Markers = new()
    {
        ["acl"] = "ACL",
        ["tagging"] = "TAGGING",
        ["versioning"] = "VERSIONING",
        ["versions"] = "BUCKETVERSIONS",
        ["uploads"] = "UPLOADS",
        ["uploadId"] = "UPLOAD",
        ["policy"] = "BUCKETPOLICY",
        ["policyStatus"] = "BUCKET_POLICY_STATUS",
        ["lifecycle"] = "LIFECYCLE",
        ["website"] = "WEBSITE",
        ["cors"] = "CORS",
        ["logging"] = "LOGGING_STATUS",
        ["notification"] = "NOTIFICATION",
        ["replication"] = "REPLICATION",
        ["requestPayment"] = "REQUEST_PAYMENT",
        ["accelerate"] = "ACCELERATE",
        ["encryption"] = "ENCRYPTION",
        ["location"] = "LOCATION",
        ["publicAccessBlock"] = "PUBLIC_ACCESS_BLOCK",
        ["ownershipControls"] = "OWNERSHIP_CONTROLS",
        ["object-lock"] = "OBJECT_LOCK_CONFIGURATION",
        ["retention"] = "OBJECT_LOCK_RETENTION",
        ["legal-hold"] = "OBJECT_LOCK_LEGALHOLD",
        ["attributes"] = "OBJECT_ATTRIBUTES",
        ["delete"] = "MULTI_OBJECT_DELETE",
    };

    public static string Of(S3Call call)
    {
        var method = call.Http.Request.Method;
        return call.Operation switch
        {
            null => HttpMethods.IsOptions(method) ? "REST.OPTIONS.PREFLIGHT" : $"REST.{method}.{(call.Target.Key is null ? "BUCKET" : "OBJECT")}",
            { Name: "GetWebsite" or "HeadWebsite" } => $"WEBSITE.{method}.OBJECT",
            { Name: "CopyObject" } => "REST.COPY.OBJECT",
            { Name: "UploadPart" } => "REST.PUT.PART",
            { Name: "UploadPartCopy" } => "REST.COPY.PART",
            { Marker: { } marker, Scope: Scope.Object } when marker is "acl" or "tagging" => $"REST.{method}.OBJECT_{Markers[marker]}",
            { Marker: { } marker } when Markers.TryGetValue(marker, out var name) => $"REST.{method}.{name}",
            { Scope: Scope.Object } => $"REST.{method}.OBJECT",
            _ => $"REST.{method}.BUCKET",
        };
    }
}
