using Ciel.Core.Http;

namespace Ciel.Services.Images;

/// <summary>Glance's door: its prefix, its errors, its words.</summary>
internal static class ImageDoor
{
    public static readonly ServiceDoor Door = new("image", "/image", FaultBodies.Glance)
    {
        InputWords = (_, _, problem) => $"Provided object does not match schema 'image': {problem}",
        // 128 properties of some length fit.
        MaxBody = 512 * 1024,
        StrictSlash = true,
    };

    /// <summary>The one store of bytes that clients see.</summary>
    public const string Store = "file";
}
