using Ciel.Core.Http.Egress.Host;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Core.Http.Egress;

/// <summary>Brings egress to the program.</summary>
public static class EgressServices
{
    /// <summary>Registers <see cref="Egress"/>. Needs a TimeProvider.</summary>
    public static IServiceCollection AddEgress(this IServiceCollection services, EgressOptions options) => services
        .AddSingleton(options)
        .AddSingleton(new EgressGate(options, EgressTransport.OwnAddresses))
        .AddSingleton(p => new EgressTransport(p.GetRequiredService<EgressGate>()))
        .AddSingleton(p => new Egress(p.GetRequiredService<EgressTransport>().Send, p.GetRequiredService<TimeProvider>()));
}
