using Ciel.Core.Http;

namespace Ciel.Services.Identity;

/// <summary>Keystone's door: its prefix, its errors, its words.</summary>
internal static class IdentityDoor
{
    public static readonly ServiceDoor Door = new("identity", "/identity", FaultBodies.Keystone)
    {
        Vary = "X-Auth-Token",
        OpenToSuspended = true,
        InputWords = (path, _, problem) => problem.Contains("required property", StringComparison.Ordinal) || problem.StartsWith("Additional", StringComparison.Ordinal)
            ? problem
            : $"Invalid input for field '{path.Replace('.', '/')}': {problem}",
    };

    /// <summary>The cloud door as this client reached it, such as <c>http://127.0.0.1:8780</c>.</summary>
    public static string CloudUrl(this Call call) => $"{call.Http.Request.Scheme}://{call.Http.Request.Host}";
}
