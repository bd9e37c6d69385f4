namespace Ciel.Services.Images;

/// <summary>The words of images, from the Image Service API v2.</summary>
internal static class ImageFields
{
    public static readonly IReadOnlyList<string> DiskFormats = ["ami", "ari", "aki", "vhd", "vhdx", "vmdk", "raw", "qcow2", "vdi", "iso", "ploop"];

    public static readonly IReadOnlyList<string> ContainerFormats = ["ami", "ari", "aki", "bare", "ovf", "ova", "docker", "compressed"];

    public static readonly IReadOnlyList<string> Visibilities = ["community", "public", "private", "shared"];

    /// <summary>What the service itself sets.</summary>
    public static readonly IReadOnlySet<string> ReadOnly = new HashSet<string>
    {
        "created_at", "updated_at", "status", "checksum", "size", "virtual_size", "os_hash_algo", "os_hash_value", "stores",
    };

    /// <summary>What clients may neither set nor use as the name of a property of their own.</summary>
    public static readonly IReadOnlySet<string> Reserved = new HashSet<string>
    {
        "direct_url", "self", "file", "schema", "locations", "deleted", "deleted_at", "is_public", "properties",
    };

    /// <summary>What clients may set.</summary>
    public static readonly IReadOnlySet<string> Settable = new HashSet<string>
    {
        "id", "name", "visibility", "tags", "owner", "protected", "os_hidden", "disk_format", "container_format", "min_disk", "min_ram",
    };

    /// <summary>Properties of the service's own begin so.</summary>
    public const string OwnPrefix = "os_glance";

    public const int MostProperties = 128;

    public const int MostTags = 128;

    public const int MostMembers = 128;

    public const int LongestValue = 65535;
}
