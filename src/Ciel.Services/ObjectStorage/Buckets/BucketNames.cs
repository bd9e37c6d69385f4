using System.Net;
using System.Text.RegularExpressions;
using Ciel.Services.ObjectStorage.Door;

namespace Ciel.Services.ObjectStorage.Buckets;

/// <summary>S3's rules for names of buckets ("Bucket naming rules").</summary>
internal static partial class BucketNames
{
    // Amazon keeps these for names that it gives itself.
    private static readonly string[] Beginnings = ["xn--", "sthree-", "amzn-s3-demo-"];
    private static readonly string[] Ends = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];

    public static bool IsGood(string name) => Good().IsMatch(name) && !name.Contains("..", StringComparison.Ordinal) && !name.Contains(".-", StringComparison.Ordinal)
        && !name.Contains("-.", StringComparison.Ordinal) && !IPAddress.TryParse(name, out _)
        && !Beginnings.Any(b => name.StartsWith(b, StringComparison.Ordinal)) && !Ends.Any(e => name.EndsWith(e, StringComparison.Ordinal));

    public static void Require(string name)
    {
        if (!IsGood(name))
        {
            throw new S3Fault(400, "InvalidBucketName", "The specified bucket is not valid.") { Extra = [("BucketName", name)] };
        }
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\z", RegexOptions.CultureInvariant)]
    private static partial Regex Good();
}
