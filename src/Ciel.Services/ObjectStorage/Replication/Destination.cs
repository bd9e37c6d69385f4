namespace Ciel.Services.ObjectStorage.Replication;

/// <summary>Where replicas go: a bucket of this cloud, or one of another S3 that the project has named as a target.</summary>
/// <param name="Target">The target's name; null for this cloud.</param>
/// <param name="Bucket">The bucket there.</param>
internal sealed record Destination(string? Target, string Bucket)
{
    // S3's own partition, because clients such as Terraform check an ARN's form; no bucket's name holds a slash.
    public const string RemoteStart = "arn:aws:s3:::target/";

    private const string Start = "arn:aws:s3:::";

    /// <summary>Reads an ARN; null for what is none.</summary>
    public static Destination? Parse(string? arn)
    {
        if (arn?.StartsWith(Start, StringComparison.Ordinal) != true)
        {
            return null;
        }

        return arn[Start.Length..].Split('/') switch
        {
            ["target", { Length: > 0 } target, { Length: > 0 } bucket] => new Destination(target, bucket),
            [{ Length: > 0 } bucket] => new Destination(null, bucket),
            _ => null,
        };
    }
}
