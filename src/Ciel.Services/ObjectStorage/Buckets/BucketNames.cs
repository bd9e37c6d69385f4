using System.Net;
using System.Text.RegularExpressions;
using Ciel.Services.ObjectStorage.Door;

namespace Ciel.Services.ObjectStorage.Buckets;

/// <summary>S3's rules for names of buckets ("Bucket naming rules").</summary>
internal static partial class BucketNames
{
    public static void Require(string name)
    {
        if (!Good().IsMatch(name) || name.Contains("..", StringComparison.Ordinal) || name.Contains(".-", StringComparison.Ordinal)
            || name.Contains("-.", StringComparison.Ordinal) || IPAddress.TryParse(name, out _)
            || name.StartsWith("xn--", StringComparison.Ordinal) || name.EndsWith("-s3alias", StringComparison.Ordinal))
        {
            throw new S3Fault(400, "InvalidBucketName", "The specified bucket is not valid.") { Extra = [("BucketName", name)] };
        }
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\z", RegexOptions.CultureInvariant)]
    private static partial Regex Good();
}
