namespace Ciel.Services.Images.Import;

/// <summary>
/// How staged bytes become an image. Nothing here lets a tenant's URL be fetched: <c>web-download</c> and <c>glance-download</c> are left out.
/// </summary>
internal static class ImportMethods
{
    public const string Direct = "glance-direct";

    /// <summary>Copies between stores; with one store there is nothing to do.</summary>
    public const string Copy = "copy-image";

    public static readonly IReadOnlyList<string> All = [Direct, Copy];
}
