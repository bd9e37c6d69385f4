using System.Security.Cryptography;

namespace Ciel.Live.Objects;

/// <summary>
/// What one key may hold. Its one writer tells what it begins and what was answered; after a crash exactly one of the last answered and those begun since
/// may be there, whole.
/// </summary>
internal sealed class KeyOracle(string path)
{
    private readonly List<Thing?> _begun = [];

    /// <summary>An object's bytes by their digest.</summary>
    public sealed record Thing(string Sha256, int Size)
    {
        public static Thing Of(byte[] bytes) => new(Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.Length);
    }

    public string Path => path;

    /// <summary>What was last answered or seen; null for nothing there.</summary>
    public Thing? Known { get; private set; }

    public void Begin(Thing? outcome) => _begun.Add(outcome);

    /// <summary>It was answered with success.</summary>
    public void Done(Thing? outcome)
    {
        Known = outcome;
        _begun.Clear();
    }

    /// <summary>What is there now must be whole and one of those that may be; from now on it is what was answered.</summary>
    public void See(Thing? seen)
    {
        (seen == Known || _begun.Contains(seen)).ShouldBeTrue($"{path} holds {seen?.ToString() ?? "nothing"}; answered was {Known?.ToString() ?? "nothing"}, begun {string.Join(", ", _begun)}");
        Done(seen);
    }
}
