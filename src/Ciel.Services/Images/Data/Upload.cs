namespace Ciel.Services.Images.Data;

/// <summary>An upload under way.</summary>
/// <param name="Id">Its own id, also its keeper's.</param>
/// <param name="Image">The image as it was before.</param>
/// <param name="Room">The most bytes that may come.</param>
internal sealed record Upload(string Id, Image Image, long Room);
