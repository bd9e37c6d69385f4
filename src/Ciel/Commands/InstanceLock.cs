using Ciel.Hosting;

namespace Ciel.Commands;

/// <summary>
/// Whose the instance is. Two programs on one embedded store would each think themselves its only controller. Who may open the file may
/// hold it, so other users of the host may not.
/// </summary>
internal static class InstanceLock
{
    /// <summary>Holds the instance until disposed, or until the process ends.</summary>
    /// <exception cref="UserErrorException">A program holds it.</exception>
    public static FileStream Take(CielOptions options) => TryTake(options)
        ?? throw new UserErrorException($"A Ciel runs on {options.Data}. `ciel status` shows it; `ciel down` stops it (machines go on).");

    /// <summary>Null where a program holds it.</summary>
    public static FileStream? TryTake(CielOptions options)
    {
        try
        {
            return PrivateFile.Open(Path.Combine(options.Data, "ciel.lock"), FileMode.OpenOrCreate, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
