using Ciel.Services.ObjectStorage.Access;

namespace Ciel.Services.ObjectStorage.Signing;

/// <summary>An access key with whom it stands for now.</summary>
/// <param name="Access">The public half.</param>
/// <param name="Secret">What signs; never logged.</param>
/// <param name="Caller">Whoever bears it.</param>
internal sealed record Signer(string Access, string Secret, Caller Caller);
