using System.Text;
using System.Text.Json;

namespace Ciel.Services.ObjectStorage.Swift;

/// <summary>What is told without a token: what there is, that it is well, and which pages may use it.</summary>
internal static class SwiftInfo
{
    /// <summary>The one storage policy.</summary>
    public const string Policy = "Policy-0";

    private const string Crossdomain =
        """
        <?xml version="1.0"?>
        <!DOCTYPE cross-domain-policy SYSTEM "http://www.adobe.com/xml/dtds/cross-domain-policy.dtd" >
        <cross-domain-policy>
        <site-control permitted-cross-domain-policies="none"/>
        </cross-domain-policy>
        """;

    public static Task Serve(SwiftCall call) => call.Target.Path[SwiftTarget.Root.Length..] switch
    {
        "/info" => call.Text(200, Encoding.UTF8.GetBytes(Info), "application/json; charset=UTF-8"),
        "/healthcheck" => call.Text(200, "OK"u8.ToArray(), "text/plain"),
        "/crossdomain.xml" => call.Text(200, Encoding.UTF8.GetBytes(Crossdomain), "application/xml"),
        _ => throw SwiftFaults.NotFound(),
    };

    private static readonly string Info = JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["swift"] = new
        {
            version = "2.30.0",
            account_listing_limit = 10_000,
            container_listing_limit = SwiftListing.Most,
            max_account_name_length = 256,
            max_container_name_length = 256,
            max_object_name_length = 1024,
            max_file_size = Objects.PutObjectApi.Most,
            max_header_size = 8192,
            max_meta_count = MetaHeaders.MostItems,
            max_meta_name_length = MetaHeaders.LongestName,
            max_meta_value_length = MetaHeaders.LongestValue,
            max_meta_overall_size = MetaHeaders.MostBytes,
            extra_header_count = 0,
            strict_cors_mode = true,
            allow_account_management = false,
            account_autocreate = true,
            policies = new[] { new { name = Policy, aliases = Policy, @default = true } },
        },
        ["account_quotas"] = new { },
        ["bulk_delete"] = new { max_deletes_per_request = BulkApi.MostDeletes, max_failed_deletes = BulkApi.MostFailed },
        ["bulk_upload"] = new { max_containers_per_extraction = BulkApi.MostContainers, max_failed_extractions = BulkApi.MostFailed },
        ["container_quotas"] = new { },
        ["crossdomain"] = new { },
        ["formpost"] = new { allowed_digests = TempUrls.Digests, deprecated_digests = new[] { "sha1" } },
        ["slo"] = new { max_manifest_segments = LargeObjects.MostSegments, max_manifest_size = LargeObjects.LongestManifest, min_segment_size = 1 },
        ["staticweb"] = new { },
        ["tempurl"] = new { methods = new[] { "GET", "HEAD", "PUT", "POST", "DELETE" }, allowed_digests = TempUrls.Digests, deprecated_digests = new[] { "sha1" } },
        ["versioned_writes"] = new { allowed_flags = new[] { "x-versions-location", "x-history-location" } },
    });
}
