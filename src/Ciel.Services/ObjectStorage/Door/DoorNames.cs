using Microsoft.AspNetCore.Http;

namespace Ciel.Services.ObjectStorage.Door;

/// <summary>
/// The host names of the door. Buckets as host names stand below names of their own (<c>s3.…</c>), never below the console's, because
/// cookies ignore ports.
/// </summary>
internal sealed class DoorNames(ObjectDoorOptions options)
{
    private readonly string[] _parents = ["s3.localhost", .. options.HostNames.Select(name => "s3." + name)];
    private readonly HashSet<string> _own = new(["localhost", "127.0.0.1", "[::1]", options.Bind, .. options.HostNames], StringComparer.OrdinalIgnoreCase);

    private readonly string[] _sites = [.. ((string[])["s3-website.", $"s3-website-{ObjectDoorOptions.Region}.", $"s3-website.{ObjectDoorOptions.Region}."]).SelectMany(start => options.HostNames.Prepend("localhost").Select(name => "." + start + name))];

    /// <summary>The bucket whose website the name is (<c>BUCKET.s3-website.localhost</c>); null for other names.</summary>
    public string? SiteOf(HostString host) => Array.Find(_sites, end => host.Host.Length > end.Length && host.Host.EndsWith(end, StringComparison.OrdinalIgnoreCase)) is { } site
        ? host.Host[..^site.Length].ToLowerInvariant() : null;

    /// <summary>Whether the name is none of the door's.</summary>
    public bool IsForeign(HostString host) => !_own.Contains(host.Host) && !StandApart(host) && SiteOf(host) is null;

    /// <summary>Whether the name is the door's itself, not a bucket's.</summary>
    public bool IsDoor(HostString host) => _own.Contains(host.Host) || Below(host) is { Length: 0 };

    /// <summary>Whether the name is of the objects door alone.</summary>
    public bool StandApart(HostString host) => Below(host) is not null;

    /// <summary>Whether the console answers to the name, too, on a port of its own.</summary>
    public bool IsShared(HostString host) => _own.Contains(host.Host) && !StandApart(host);

    /// <summary>The bucket that the host names; null where it stands in the path.</summary>
    /// <exception cref="S3Fault">400 for a name that is not the door's: a page elsewhere that resolves its own name to this address gets nothing.</exception>
    public string? BucketOf(HostString host) => Below(host) switch
    {
        null => _own.Contains(host.Host) ? null : throw Faults.InvalidRequest("This host name is not one of this door's."),
        "" => null,
        var bucket => bucket.ToLowerInvariant(),
    };

    // What stands before a parent's name: empty for the parent itself, null for names that are not below one.
    private string? Below(HostString host)
    {
        var name = host.Host;
        foreach (var parent in _parents.Where(p => name.EndsWith(p, StringComparison.OrdinalIgnoreCase)))
        {
            if (name.Length == parent.Length)
            {
                return "";
            }

            if (name[^(parent.Length + 1)] == '.')
            {
                return name[..^(parent.Length + 1)];
            }
        }

        return null;
    }
}
