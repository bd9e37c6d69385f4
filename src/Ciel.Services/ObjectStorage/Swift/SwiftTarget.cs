using Ciel.Services.ObjectStorage.Door;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Ciel.Services.ObjectStorage.Swift;

/// <summary>What a request names, from the raw request line: <c>/os/v1/AUTH_PROJECT/CONTAINER/OBJECT</c>.</summary>
/// <param name="Account">The project; null for the service itself.</param>
/// <param name="Container">Null for an account.</param>
/// <param name="Object">Null for a container.</param>
/// <param name="Path">The decoded path, which temporary URLs sign.</param>
/// <param name="Query">The decoded pairs; a name without <c>=</c> has an empty value.</param>
internal sealed record SwiftTarget(string? Account, string? Container, string? Object, string Path, IReadOnlyList<(string Name, string Value)> Query)
{
    /// <summary>Where the API stands on the objects door. Two letters are too short for a bucket's name, so nothing of S3 is hidden by it.</summary>
    public const string Root = "/os";

    /// <summary>Before a project's id, as Keystone's middleware has it.</summary>
    public const string AccountPrefix = "AUTH_";

    private const int LongestContainer = 256;
    private const int LongestObject = 1024;

    public string? this[string name] => Query.FirstOrDefault(q => q.Name == name).Value;

    public static bool IsMine(HttpContext http)
    {
        var raw = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return raw.StartsWith(Root + "/", StringComparison.Ordinal);
    }

    public static SwiftTarget Of(HttpContext http)
    {
        var raw = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var question = raw.IndexOf('?', StringComparison.Ordinal);
        var path = question < 0 ? raw : raw[..question];
        var query = question < 0 ? [] : Target.Pairs(raw[(question + 1)..]);
        var parts = path[(Root.Length + 1)..].Split('/', 4);
        if (parts is not ["v1", var account, ..])
        {
            return new SwiftTarget(null, null, null, Percent.Decode(path), query);
        }

        var project = Percent.Decode(account) is var name && name.StartsWith(AccountPrefix, StringComparison.Ordinal) ? name[AccountPrefix.Length..] : throw SwiftFaults.NotFound();
        var container = parts.Length > 2 && parts[2].Length > 0 ? Percent.Decode(parts[2]) : null;
        var key = parts.Length > 3 && parts[3].Length > 0 ? Percent.Decode(parts[3]) : null;
        Limit("Container", container, LongestContainer);
        Limit("Object", key, LongestObject);
        return new SwiftTarget(project, container, container is null ? null : key, Percent.Decode(path), query);
    }

    public static void Limit(string what, string? name, int longest)
    {
        var length = name is null ? 0 : System.Text.Encoding.UTF8.GetByteCount(name);
        if (length > longest || (what == "Container" && name?.Contains('/', StringComparison.Ordinal) == true))
        {
            throw SwiftFaults.BadRequest(length > longest ? $"{what} name length of {length} longer than {longest}" : "A container's name may hold no slash");
        }
    }
}
