using Ciel.Core.Store;
using Ciel.Core.Trust.Host;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Core.Trust;

/// <summary>Brings the parts of trust to the program.</summary>
public static class TrustServices
{
    /// <summary>The tables of keys and revisions.</summary>
    public static IReadOnlyList<Migration> Migrations => KeyRing.Migrations;

    /// <summary>Registers key ring, tokens, passwords and the revision cache. Needs Db, ISecrets and TimeProvider.</summary>
    public static IServiceCollection AddTrust(this IServiceCollection services, TrustOptions options) => services
        .AddSingleton(options)
        .AddSingleton(p => RootKeyFile.Open(options.RootKeyPath, p.GetRequiredService<ISecrets>()))
        .AddSingleton<KeyRing>()
        .AddSingleton<Envelope>()
        .AddSingleton<TokenSealer>()
        .AddSingleton<PasswordLanes>()
        .AddSingleton<PasswordHasher>()
        .AddSingleton<RevisionCache>();
}
