namespace Ciel.Core.Http;

/// <summary>The microversions that a service speaks, such as compute 2.1 to 2.93 (API-WG guideline "Microversion Specification").</summary>
/// <param name="Service">The service type in the header OpenStack-API-Version.</param>
/// <param name="Major">The major version, the same throughout.</param>
/// <param name="Min">The lowest minor version; also the default.</param>
/// <param name="Max">The highest minor version.</param>
/// <param name="LegacyHeader">Such as X-OpenStack-Nova-API-Version; null where there is none.</param>
public sealed record Microversions(string Service, int Major, int Min, int Max, string? LegacyHeader = null)
{
    /// <summary>The versions in words, such as 2.93.</summary>
    public string Word(int minor) => $"{Major}.{minor}";
}
