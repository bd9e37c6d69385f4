using Ciel.Core;

namespace Ciel.Hosting;

/// <summary>Time, chance and secrets, injected everywhere from here.</summary>
/// <param name="Time">The clock.</param>
/// <param name="Random">Chance for jitter; its user locks it.</param>
/// <param name="Secrets">What nobody can guess.</param>
public sealed record Setting(TimeProvider Time, Random Random, ISecrets Secrets);
