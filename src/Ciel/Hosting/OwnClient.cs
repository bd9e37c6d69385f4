using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Hosting;

#pragma warning disable RS0030 // The program's own door, at an address that no tenant chose; Egress is for those.

/// <summary>How parts of the program that are clients (the command line, the console) reach its own doors.</summary>
internal static class OwnClient
{
    /// <summary>The connections of the command line and the console.</summary>
    public static SocketsHttpHandler Handler(CielOptions options) => new()
    {
        // A certificate of the operator's own making is not in the system's store: the one that the instance serves is trusted by itself.
        SslOptions =
        {
            RemoteCertificateValidationCallback = (_, shown, _, errors) => errors == SslPolicyErrors.None
                || (options.TlsCertificate is { } file && shown is not null && X509Certificate2.CreateFromPem(File.ReadAllText(file)).Equals(shown)),
        },
        UseCookies = false,
        AllowAutoRedirect = false,
    };

    /// <summary>A client of the cloud door where it really listens, made at the first use: the port may be the system's choice.</summary>
    public static Func<HttpMessageInvoker> Of(WebApplication app, CielOptions options)
    {
        var client = new Lazy<HttpMessageInvoker>(() => new HttpClient(Handler(options))
        {
            BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()),
        });
        return () => client.Value;
    }
}
