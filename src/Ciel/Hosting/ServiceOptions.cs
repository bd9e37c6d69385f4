using System.Net;
using Ciel.Core.Blobs;
using Ciel.Core.Http.Egress;
using Ciel.Core.Ledger;
using Ciel.Core.Trust;
using Ciel.Services.Billing;
using Ciel.Services.ObjectStorage;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Hosting;

/// <summary>Hands each service its own part of the options.</summary>
internal static class ServiceOptions
{
    public static void Add(IServiceCollection services, CielOptions options)
    {
        services.AddTrust(new TrustOptions { RootKeyPath = options.RootKey });
        services.AddSingleton(new ObjectDoorOptions(options.Bind, options.HostNames) { LifecycleDay = options.LifecycleDay ?? ObjectDoorOptions.Day });
        services.AddEgress(new EgressOptions { Allow = EgressOptions.Targets(options.EgressAllow), Own = [IPNetwork.Parse(options.PublicCidr)] });
        services.AddSingleton(new MailOptions(options.Smtp, options.SmtpFrom) { StartTls = options.SmtpStartTls, Login = Login(options) });
        services.AddSingleton(Blobs(options));
        services.AddSingleton(new CounterOptions(Path.Combine(options.Data, "counters")));
    }

    // USER:PASSWORD on one line, beside the other secrets.
    private static string[] Login(CielOptions options)
    {
        var file = Path.Combine(options.Config, "smtp-login");
        return File.Exists(file) ? File.ReadAllText(file).Trim().Split(':', 2) : [];
    }

    public static BlobOptions Blobs(CielOptions options) => new(Path.Combine(options.Data, "blobs"))
    {
        Disks = options.BlobDisks,
        Copies = options.BlobCopies,
        Grace = options.BlobGrace ?? BlobOptions.UsualGrace,
    };
}
