using System.Globalization;
using Ciel.Agent.Contract;

namespace Ciel.Services.Compute;

/// <summary>How long a node has been up, in the words of uptime(1), as Nova tells it. Who is logged in to a node is not known here.</summary>
internal static class Uptime
{
    /// <param name="facts">What the node says.</param>
    /// <param name="now">µs UTC.</param>
    public static string Text(NodeFacts facts, long now)
    {
        var clock = DateTimeOffset.UnixEpoch.AddMicroseconds(now);
        var up = TimeSpan.FromMicroseconds(Math.Max(0, now - facts.BootedAtMicros));
        var days = up.Days switch { 0 => "", 1 => "1 day, ", var n => string.Create(CultureInfo.InvariantCulture, $"{n} days, ") };
        var hours = up.Hours > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{up.Hours,2}:{up.Minutes:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{up.Minutes} min");
        return string.Create(CultureInfo.InvariantCulture, $" {clock:HH:mm:ss} up {days}{hours},  0 users,  load average: {facts.Load}");
    }
}
