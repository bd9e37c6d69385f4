using System.Net;
using System.Text;
using System.Security.Cryptography.X509Certificates;
using Ciel.Core;
using Ciel.Core.Http;
using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Ciel.Services;
using Ciel.Services.ObjectStorage;
using Ciel.WebConsole;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Ciel.Hosting;

/// <summary>The web server with its doors and everything that they need.</summary>
internal static class WebApp
{
    public static WebApplication Build(CielOptions options, Setting setting, Db db, bool quiet = false)
    {
        // There is no settings file to watch for; the watch would see every blob that comes and goes in the data directory.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = options.Data, Args = ["--hostBuilder:reloadConfigOnChange=false"] });
        builder.Logging.ClearProviders().AddSimpleConsole(c => c.TimestampFormat = "HH:mm:ss.fff ").SetMinimumLevel(quiet ? LogLevel.None : LogLevel.Information)
            .AddFilter("Microsoft", LogLevel.Warning);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listen(kestrel, options));
        builder.Services.AddRoutingCore();
        builder.Services.AddHostFiltering(f => AllowHosts(f, options));
        builder.Services.AddSingleton(options).AddSingleton(setting).AddSingleton(setting.Time).AddSingleton(setting.Random).AddSingleton(setting.Secrets);
        builder.Services.AddSingleton(db).AddSingleton<Ids>().AddSingleton<KeeperBell>().AddSingleton<KeeperBook>();
        ServiceOptions.Add(builder.Services, options);
        foreach (var module in AllServices.Modules)
        {
            module.Register(builder.Services);
        }

        // The builder's own host filter would stand before the objects door, whose names are others; the cloud door's is set below.
        builder.Services.RemoveAll<IStartupFilter>();
        var app = builder.Build();
        var objects = app.Services.GetRequiredService<IObjectDoor>();
        app.MapWhen(http => http.Features.Get<ObjectsConnection>() is not null, branch => branch.Run(objects.Serve));
        app.UseHostFiltering();
        app.UseRouting();
        MapDoors(app);
        ConsoleDoor.Map(app, OwnClient.Of(app, options));
        return app;
    }

    private static void MapDoors(WebApplication app)
    {
        var ids = app.Services.GetRequiredService<Ids>();
        var authenticator = app.Services.GetRequiredService<IAuthenticator>();
        var log = app.Services.GetRequiredService<ILogger<Routes>>();
        foreach (var module in AllServices.Modules)
        {
            module.Map(app, door => new Routes(app, door, authenticator, ids, log));
        }

        app.MapGet("/healthz", (RequestDelegate)(http => http.Response.WriteAsync("ok\n")));
    }

    private static void Listen(KestrelServerOptions kestrel, CielOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = null;
        // What users say of their objects may be in any letters, and is signed byte by byte.
        kestrel.RequestHeaderEncodingSelector = name => IsMeta(name) ? Encoding.Latin1 : null;
        kestrel.ResponseHeaderEncodingSelector = name => IsMeta(name) ? Encoding.Latin1 : Encoding.UTF8;
        Listen(kestrel, options, 0, door => door.Use(next => connection =>
        {
            SocketOutput.Use(connection);
            return next(connection);
        }));
        Listen(kestrel, options, 1, door => door.Use(next => connection =>
        {
            SocketOutput.Use(connection);
            connection.Features.Set(new ObjectsConnection());
            return next(connection);
        }));
    }

    private static void Listen(KestrelServerOptions kestrel, CielOptions options, int door, Action<ListenOptions> more)
    {
        var address = IPAddress.Parse(options.Bind);
        var port = options.PortBase == 0 ? 0 : options.PortBase + door;
        if (options is { TlsCertificate: { } certificate, TlsKey: { } key })
        {
            kestrel.Listen(address, port, listen =>
            {
                more(listen);
                listen.UseHttps(X509Certificate2.CreateFromPemFile(certificate, key));
            });
        }
        else if (IPAddress.IsLoopback(address))
        {
            kestrel.Listen(address, port, more);
        }
        else
        {
            throw new InvalidOperationException($"Listening on {address} needs TLS: give --tls-cert and --tls-key, or listen on 127.0.0.1.");
        }
    }

    private static bool IsMeta(string header) => header.StartsWith("x-amz-meta-", StringComparison.OrdinalIgnoreCase);

    // A page elsewhere that gets a browser to resolve its own name to this address must not reach a door (DNS rebinding).
    // Nor one that names no host at all: links in answers would lead nowhere.
    private static void AllowHosts(HostFilteringOptions filter, CielOptions options)
    {
        filter.AllowEmptyHosts = false;
        foreach (var name in (string[])["localhost", "127.0.0.1", "[::1]", options.Bind, .. options.HostNames])
        {
            filter.AllowedHosts.Add(name);
        }
    }
}
