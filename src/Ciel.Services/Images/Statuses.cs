namespace Ciel.Services.Images;

/// <summary>The states of an image.</summary>
internal static class Statuses
{
    /// <summary>A row without bytes.</summary>
    public const string Queued = "queued";

    /// <summary>Bytes are coming in.</summary>
    public const string Saving = "saving";

    /// <summary>Bytes are coming in for a later import, or wait for it.</summary>
    public const string Uploading = "uploading";

    /// <summary>Complete and usable.</summary>
    public const string Active = "active";

    /// <summary>Complete; only admins may read it.</summary>
    public const string Deactivated = "deactivated";

    /// <summary>Its bytes will never come.</summary>
    public const string Killed = "killed";
}
