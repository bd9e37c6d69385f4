namespace Ciel.Core;

/// <summary>Where keys, nonces, tokens and ids take their unpredictable bytes from.</summary>
public interface ISecrets
{
    /// <summary>Fills the whole span with bytes that nobody can guess.</summary>
    void Fill(Span<byte> bytes);
}
