using Ciel.Services.ObjectStorage.Door;

namespace Ciel.Services.ObjectStorage.Objects;

/// <summary>Storage classes: names that are kept and told; all of them lie on the same disks.</summary>
internal static class StorageClasses
{
    public const string Standard = "STANDARD";

    private static readonly HashSet<string> Known =
        [Standard, "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER", "DEEP_ARCHIVE", "GLACIER_IR", "EXPRESS_ONEZONE"];

    public static string Of(string? name) => string.IsNullOrEmpty(name) ? Standard : Known.Contains(name)
        ? name
        : throw new S3Fault(400, "InvalidStorageClass", "The storage class you specified is not valid") { Extra = [("StorageClassRequested", name)] };
}
