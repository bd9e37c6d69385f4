using Ciel.Core.Host;
using Ciel.Hosting;

namespace Ciel.Commands;

/// <summary>What a program on a real host is handed: chance of its own, and the kernel's secrets.</summary>
internal static class RealSetting
{
    public static Setting With(TimeProvider time) => new(time, SeededChance.New(), new SystemSecrets());
}
