using Ciel.Agent.Host;

namespace Ciel.Live.Net;

/// <summary>A busybox for guests: a DHCP client that shows all that it was told. Unpacked, never installed on the host.</summary>
internal static class Busybox
{
    private static readonly string Directory = Path.Combine(Path.GetTempPath(), "ciel-live-busybox");

    public static async Task<string> Find()
    {
        var path = Path.Combine(Directory, "root", "bin", "busybox");
        if (!File.Exists(path))
        {
            System.IO.Directory.CreateDirectory(Directory);
            await Command.Run(
                "sh",
                ["-c", $"cd {Directory} && apt-get download -qq -o APT::Sandbox::User=root busybox-static && dpkg-deb -x busybox-static_*.deb root"],
                TestContext.Current.CancellationToken);
        }

        return path;
    }
}
