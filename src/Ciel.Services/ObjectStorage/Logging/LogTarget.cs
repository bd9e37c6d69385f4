using System.Globalization;
using System.Xml.Linq;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Logging;

/// <summary>Where a bucket's access log goes.</summary>
/// <param name="Bucket">The target bucket's name.</param>
/// <param name="Prefix">The log objects' keys begin so.</param>
/// <param name="Partition">DeliveryTime or EventTime for keys with account, region, bucket and day; null for plain ones.</param>
internal sealed record LogTarget(string Bucket, string Prefix, string? Partition)
{
    /// <summary>The target of a BucketLoggingStatus; null for none.</summary>
    public static LogTarget? Parse(XElement root)
    {
        if (root.One("LoggingEnabled") is not { } enabled)
        {
            return root.Elements().Any() ? throw Faults.MalformedXml() : null;
        }

        var format = enabled.One("TargetObjectKeyFormat");
        var partition = format?.One("PartitionedPrefix") is { } partitioned ? partitioned.Text("PartitionDateSource") ?? "DeliveryTime" : null;
        return enabled.Elements().Any(e => e.Name.LocalName is not ("TargetBucket" or "TargetPrefix" or "TargetGrants" or "TargetObjectKeyFormat"))
            || partition is not (null or "DeliveryTime" or "EventTime") || (format is not null && format.Elements().Count() != 1)
                ? throw Faults.MalformedXml()
                : new LogTarget(enabled.Text("TargetBucket") ?? throw Faults.MalformedXml(), enabled.Text("TargetPrefix") ?? throw Faults.MalformedXml(), partition);
    }

    /// <summary>The key of a log object ("Log object key format").</summary>
    public string Key(string account, string bucket, long now, long day, string unique)
    {
        var time = Instants.Of(Partition == "EventTime" ? day : now);
        var name = time.ToString(Partition == "EventTime" ? "yyyy-MM-dd-00-00-00-" : "yyyy-MM-dd-HH-mm-ss-", CultureInfo.InvariantCulture) + unique;
        return Partition is null ? Prefix + name : $"{Prefix}{account}/{ObjectDoorOptions.Region}/{bucket}/{time.ToString("yyyy'/'MM'/'dd", CultureInfo.InvariantCulture)}/{name}";
    }
}
