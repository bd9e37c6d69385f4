namespace Ciel.Tests;

/// <summary>A new directory for one test: in memory where there is some, because tests sync often and need not survive a power cut.</summary>
internal static class TestDirectory
{
    private const string Memory = "/dev/shm";

    public static DirectoryInfo Create(string prefix) => Directory.Exists(Memory)
        ? Directory.CreateDirectory(Path.Combine(Memory, prefix + Path.GetRandomFileName()))
        : Directory.CreateTempSubdirectory(prefix);
}
