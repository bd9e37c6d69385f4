using Ciel.Core.Errors;

namespace Ciel.Core.Blobs;

/// <summary>What a client is told when the disk has no room or fails (RFC 4918, 11.5: 507).</summary>
internal static class DiskFaults
{
    // errno of Linux; .NET hands it through as HResult.
    private const int NoSpace = 28;
    private const int OverQuota = 122;

    public static bool IsFull(IOException e) => e.HResult is NoSpace or OverQuota;

    public static Fault Full() => new(507, "InsufficientStorage", "There is no room left to store this. Delete what is no longer needed, or tell the operator.");

    public static Fault Failed() => new(507, "StorageFailed", "The disk failed while storing this; nothing of it was kept. Try again, or tell the operator.");

    public static Fault Unreadable() => new(503, "StorageFailed", "The disk failed while reading this. Try again, or tell the operator.");

    public static Fault Damaged() => new(500, "DataDamaged", "The stored data was changed on the disk and is not handed out. Tell the operator, who finds it by `ciel doctor`.");
}
