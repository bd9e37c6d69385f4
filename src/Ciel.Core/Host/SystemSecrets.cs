using System.Security.Cryptography;

namespace Ciel.Core.Host;

/// <summary>The operating system's random source.</summary>
public sealed class SystemSecrets : ISecrets
{
    /// <inheritdoc/>
#pragma warning disable RS0030 // The one place where secrets come from; everything else is handed an ISecrets.
    public void Fill(Span<byte> bytes) => RandomNumberGenerator.Fill(bytes);
#pragma warning restore RS0030
}
