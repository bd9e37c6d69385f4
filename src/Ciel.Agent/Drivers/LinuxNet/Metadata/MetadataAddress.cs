namespace Ciel.Agent.Drivers.LinuxNet;

/// <summary>Where guests ask who they are: the link-local address that every network's bridge carries.</summary>
internal static class MetadataAddress
{
    public const string Value = "169.254.169.254";

    public const int Port = 80;
}
