using System.Text;
using System.Text.RegularExpressions;

namespace Ciel.Agent.Drivers.LinuxNet;

/// <summary>Reads what dnsmasq adds to its log, for who asked.</summary>
internal sealed partial class DhcpLog(string path)
{
    /// <summary>The log is emptied when it is longer.</summary>
    private const int Longest = 256 * 1024;

    private long position = File.Exists(path) ? new FileInfo(path).Length : 0;

    /// <summary>Hardware addresses of the guests that asked since the last call.</summary>
    public IReadOnlyList<string> Askers()
    {
        if (!File.Exists(path) || new FileInfo(path).Length is var length && length == position)
        {
            return [];
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        file.Position = position = Math.Min(position, file.Length);
        var buffer = new byte[Math.Min(file.Length - position, Longest)];
        var read = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        var whole = buffer.AsSpan(0, read).LastIndexOf((byte)'\n') + 1;
        position += whole;
        if (position > Longest)
        {
            // dnsmasq appends, so that its next line becomes the first.
            file.SetLength(position = 0);
        }

        return Parse(Encoding.Latin1.GetString(buffer, 0, whole));
    }

    /// <summary>The askers in lines of a log, each once.</summary>
    public static IReadOnlyList<string> Parse(string lines) => [.. Request().Matches(lines).Select(match => match.Groups[1].Value).Distinct()];

    /// <summary>A DHCPv6 client shows a DUID, of which the hardware address is most often the end (RFC 8415, 11).</summary>
    [GeneratedRegex(@"(?:DHCP[A-Z0-9-]+|RTR-SOLICIT)\(br\)(?: \S+)??(?: (?:[0-9a-f]{2}:)*?)((?:[0-9a-f]{2}:){5}[0-9a-f]{2})(?![0-9a-f:])")]
    private static partial Regex Request();
}
