using Ciel.Core.Host;

namespace Ciel.Commands;

/// <summary>The program's source of chance, for jitter only.</summary>
internal static class SeededChance
{
    public static Random New()
    {
        Span<byte> seed = stackalloc byte[4];
        new SystemSecrets().Fill(seed);
#pragma warning disable RS0030 // The one place where the running program's chance begins; everything else is handed it.
        return new Random(BitConverter.ToInt32(seed));
#pragma warning restore RS0030
    }
}
