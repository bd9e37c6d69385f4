using Ciel.WebConsole.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ciel.WebConsole;

/// <summary>The console's routes: the page at <c>/</c>, signing in, signing out, and the style sheet.</summary>
public static class ConsoleDoor
{
    private const string Policy = "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
    private static readonly FormOptions Limits = new() { ValueCountLimit = 16, BufferBodyLengthLimit = 16_384, ValueLengthLimit = 8_192 };

    /// <summary>Maps the pages.</summary>
    /// <param name="app">Where to.</param>
    /// <param name="cloud">Answers an HTTP client whose base address is the cloud door; the console sends it each user's own token.</param>
    public static void Map(IEndpointRouteBuilder app, Func<HttpMessageInvoker> cloud)
    {
        var doors = new Doors(cloud);
        app.MapGet("/", (RequestDelegate)(http => Home(http, doors)));
        app.MapPost("/console/sign-in", (RequestDelegate)(http => SignIn(http, doors)));
        app.MapPost("/console/sign-out", (RequestDelegate)(http => SignOut(http, doors)));
        app.MapGet("/console/console.css", (RequestDelegate)Style);
    }

    private static async Task Home(HttpContext http, Doors doors)
    {
        if (Session.Read(http) is not { } token)
        {
            await Show<SignIn>(http, StatusCodes.Status200OK);
            return;
        }

        try
        {
            await Show<Overview>(http, StatusCodes.Status200OK, ("Project", await doors.Project(token, http.RequestAborted)));
        }
        catch (DoorException e)
        {
            if (e.Status == StatusCodes.Status401Unauthorized)
            {
                Session.Forget(http);
            }

            await Show<SignIn>(http, e.Status, ("Problem", e.Status == StatusCodes.Status401Unauthorized ? "Your session has ended. Sign in again." : e.Message));
        }
    }

    private static async Task SignIn(HttpContext http, Doors doors)
    {
        if (await Form(http) is not { } form)
        {
            return;
        }

        string Field(string name, string otherwise = "") => form[name] is [{ Length: > 0 } value, ..] ? value : otherwise;
        try
        {
            Session.Keep(http, await doors.SignIn(Field("user"), Field("password"), Field("domain", "Default"), Field("project"), http.RequestAborted));
            http.Response.Redirect("/");
            http.Response.StatusCode = StatusCodes.Status303SeeOther;
        }
        catch (DoorException e)
        {
            var problem = e.Status == StatusCodes.Status401Unauthorized ? "No such user, password or project. Names count their case." : e.Message;
            await Show<SignIn>(http, e.Status, ("Problem", problem), ("User", Field("user")), ("Domain", Field("domain")), ("ProjectName", Field("project")));
        }
    }

    private static async Task SignOut(HttpContext http, Doors doors)
    {
        if (await Form(http) is null)
        {
            return;
        }

        if (Session.Read(http) is { } token)
        {
            Session.Forget(http);
            await doors.SignOut(token, http.RequestAborted);
        }

        http.Response.Redirect("/");
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
    }

    // A form counts only when the browser says that it stood on our own page: no other site may sign anybody in or out.
    private static async Task<IFormCollection?> Form(HttpContext http)
    {
        var origin = $"{http.Request.Scheme}://{http.Request.Host}";
        if (http.Request.Headers.Origin is not [{ } sent] || !string.Equals(sent, origin, StringComparison.OrdinalIgnoreCase))
        {
            await Show<SignIn>(http, StatusCodes.Status403Forbidden, ("Problem", "This form was sent from another site. Sign in from this page."));
            return null;
        }

        try
        {
            if (http.Request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true)
            {
                return await http.Request.ReadFormAsync(Limits, http.RequestAborted);
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            // What cannot be read is answered as what is no form, below.
            http.Response.Headers.Connection = "close";
        }

        await Show<SignIn>(http, StatusCodes.Status400BadRequest, ("Problem", "The form could not be read. Send it from this page."));
        return null;
    }

    private static async Task Show<TPage>(HttpContext http, int status, params (string Name, object? Value)[] parameters)
        where TPage : IComponent
    {
        Harden(http);
        await using var renderer = new HtmlRenderer(http.RequestServices, http.RequestServices.GetRequiredService<ILoggerFactory>());
        var html = await renderer.Dispatcher.InvokeAsync(
            async () => (await renderer.RenderComponentAsync<TPage>(ParameterView.FromDictionary(parameters.ToDictionary(p => p.Name, p => p.Value)))).ToHtmlString());
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/html; charset=utf-8";
        await http.Response.WriteAsync(html, http.RequestAborted);
    }

    private static async Task Style(HttpContext http)
    {
        Harden(http);
        http.Response.Headers.CacheControl = "max-age=3600";
        http.Response.ContentType = "text/css; charset=utf-8";
        await using var style = typeof(ConsoleDoor).Assembly.GetManifestResourceStream("console.css")!;
        await style.CopyToAsync(http.Response.Body, http.RequestAborted);
    }

    private static void Harden(HttpContext http)
    {
        var headers = http.Response.Headers;
        (headers.ContentSecurityPolicy, headers.XContentTypeOptions, headers["Referrer-Policy"], headers.CacheControl) = (Policy, "nosniff", "same-origin", "no-store");
    }
}
