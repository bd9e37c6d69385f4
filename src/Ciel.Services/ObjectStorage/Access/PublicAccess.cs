using System.Xml.Linq;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Access;

/// <summary>A bucket's public access block; all off where none was set.</summary>
internal sealed record PublicAccess(bool BlockPublicAcls, bool IgnorePublicAcls, bool BlockPublicPolicy, bool RestrictPublicBuckets)
{
    private static readonly PublicAccess Open = new(false, false, false, false);

    public static PublicAccess Of(BucketRow bucket) => bucket[SettingKinds.PublicAccess] is { } text ? Of(XmlInput.Parse(text)) : Open;

    public static PublicAccess Of(XElement root) =>
        new(Is(root, nameof(BlockPublicAcls)), Is(root, nameof(IgnorePublicAcls)), Is(root, nameof(BlockPublicPolicy)), Is(root, nameof(RestrictPublicBuckets)));

    private static bool Is(XElement root, string name) => root.Text(name)?.Trim().Equals("true", StringComparison.OrdinalIgnoreCase) == true;
}
