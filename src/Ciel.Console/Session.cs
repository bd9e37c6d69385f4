using Microsoft.AspNetCore.Http;

namespace Ciel.WebConsole;

/// <summary>The token in a cookie of the browser's session. The console keeps nothing itself, so a restart signs nobody out.</summary>
internal static class Session
{
    private const string Plain = "ciel-token";
    private const string OverTls = "__Host-" + Plain;

    // Cookies come unescaped and go into a header.
    public static string? Read(HttpContext http) =>
        http.Request.Cookies[Name(http)] is { Length: > 0 and <= 4096 } token && token.All(c => c is > ' ' and <= '~') ? token : null;

    public static void Keep(HttpContext http, string token) => http.Response.Cookies.Append(Name(http), token, Terms(http));

    public static void Forget(HttpContext http) => http.Response.Cookies.Delete(Name(http), Terms(http));

    private static string Name(HttpContext http) => http.Request.IsHttps ? OverTls : Plain;

    private static CookieOptions Terms(HttpContext http) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = http.Request.IsHttps, Path = "/", IsEssential = true };
}
