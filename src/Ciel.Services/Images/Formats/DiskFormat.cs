namespace Ciel.Services.Images.Formats;

/// <summary>What bytes are, told by their magic numbers.</summary>
internal enum DiskFormat
{
    /// <summary>Nothing else: a raw disk, or anything at all.</summary>
    Raw,
    Qcow2,
    Vmdk,
    Vdi,
    Vhd,
    Vhdx,
    Iso,
    Qed,
    Luks,
}
