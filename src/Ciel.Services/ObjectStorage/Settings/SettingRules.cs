using System.Xml.Linq;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Settings;

/// <summary>What S3 refuses in documents of buckets.</summary>
internal static class SettingRules
{
    /// <summary>Gives an ID to each rule that has none.</summary>
    public static void GiveIds(IReadOnlyList<XElement> rules)
    {
        for (var i = 0; i < rules.Count; i++)
        {
            if (string.IsNullOrEmpty(rules[i].Text("ID")))
            {
                rules[i].All("ID").Remove();
                rules[i].AddFirst(new XElement(rules[i].Name.Namespace + "ID", $"rule-{i + 1}"));
            }
        }
    }

    public static void Encryption(XElement root)
    {
        if (root.All("Rule").ToList() is not [var rule] || rule.One("ApplyServerSideEncryptionByDefault") is not { } byDefault)
        {
            throw Faults.MalformedXml();
        }

        var algorithm = byDefault.Text("SSEAlgorithm");
        if (algorithm is not (Objects.Encryption.S3 or Objects.Encryption.Kms))
        {
            throw Faults.MalformedXml();
        }

        if (algorithm == Objects.Encryption.S3 && byDefault.Text("KMSMasterKeyID") is { Length: > 0 })
        {
            throw Faults.InvalidArgument("KMSMasterKeyID", null, "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms");
        }
    }

    public static void Lock(XElement root)
    {
        if (root.Text("ObjectLockEnabled") != "Enabled")
        {
            throw Faults.MalformedXml();
        }

        if (root.One("Rule") is not { } rule)
        {
            return;
        }

        var retention = rule.One("DefaultRetention") ?? throw Faults.MalformedXml();
        var (days, years) = (retention.Text("Days"), retention.Text("Years"));
        if (retention.Text("Mode") is not (Locking.Retention.Governance or Locking.Retention.Compliance) || (days is null) == (years is null))
        {
            throw Faults.MalformedXml();
        }

        if (!int.TryParse(days ?? years, out var span) || span < 1 || span > (days is null ? 100 : 36500))
        {
            throw new S3Fault(400, "InvalidRetentionPeriod", "Default retention period must be a positive integer value.");
        }
    }
}
