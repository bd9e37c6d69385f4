using System.Net;

namespace Ciel.Tests.WebConsole;

/// <summary>The console's first page, as a browser without scripts sees it.</summary>
public class ConsoleTests
{
    [Fact]
    public async Task A_stranger_sees_where_to_sign_in_and_nothing_else()
    {
        await using var cloud = await TestCloud.Start();
        var page = await Page(cloud);
        page.ShouldContain("name=\"password\"");
        page.ShouldNotContain("Machines");
        (await Page(cloud, "ciel-token=nonsense")).ShouldContain("Your session has ended.");
    }

    [Fact]
    public async Task Who_signs_in_sees_the_projects_machines_and_no_other_projects()
    {
        await using var cloud = await TestCloud.Start();
        var (_, alice) = await cloud.Tenant("alice");
        await cloud.Tenant("bob");
        await cloud.Send(HttpMethod.Post, "/network/v2.0/networks", alice, new { network = new { name = "<script>alert(1)</script>" } });
        var (status, cookie, _) = await SignIn(cloud, "alice", "a long secret of alice");
        status.ShouldBe(HttpStatusCode.SeeOther);
        cookie.ShouldContain("httponly", Case.Insensitive);
        cookie.ShouldContain("samesite=strict", Case.Insensitive);
        var page = await Page(cloud, cookie.Split(';')[0]);
        page.ShouldContain("&lt;script&gt;alert(1)&lt;/script&gt;");
        page.ShouldContain("0 of 10");
        var (_, other, _) = await SignIn(cloud, "bob", "a long secret of bob");
        (await Page(cloud, other.Split(';')[0])).ShouldNotContain("alert(1)");
    }

    [Fact]
    public async Task A_wrong_password_is_said_and_nothing_is_kept()
    {
        await using var cloud = await TestCloud.Start();
        var (status, cookie, page) = await SignIn(cloud, "admin", "wrong");
        status.ShouldBe(HttpStatusCode.Unauthorized);
        cookie.ShouldBeEmpty();
        page.ShouldContain("No such user, password or project.");
        page.ShouldContain("value=\"admin\"");
    }

    [Fact]
    public async Task Another_sites_form_is_refused()
    {
        await using var cloud = await TestCloud.Start();
        await cloud.Tenant("alice");
        foreach (var origin in (string?[])["https://evil.example", "null", null])
        {
            var (status, cookie, _) = await SignIn(cloud, "alice", "a long secret of alice", origin);
            status.ShouldBe(HttpStatusCode.Forbidden, origin);
            cookie.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Signing_out_ends_the_token_itself()
    {
        await using var cloud = await TestCloud.Start();
        await cloud.Tenant("alice");
        var (_, cookie, _) = await SignIn(cloud, "alice", "a long secret of alice");
        var pair = cookie.Split(';')[0];
        using var request = Form("/console/sign-out", Own(cloud), []);
        request.Headers.Add("Cookie", pair);
        using var browser = Browser(cloud);
        using var answer = await browser.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await Page(cloud, pair)).ShouldContain("Your session has ended.");
    }

    /// <summary>Regression: what no header can hold came out of the cookie and ended signing out in a 500.</summary>
    [Theory, InlineData("a%0d%0ab"), InlineData("%F0%9F%92%A9"), InlineData("%00"), InlineData("%C3%A9")]
    public async Task A_cookie_that_is_no_token_counts_as_none(string cookie)
    {
        await using var cloud = await TestCloud.Start();
        using var request = Form("/console/sign-out", Own(cloud), []);
        request.Headers.Add("Cookie", "ciel-token=" + cookie);
        using var browser = Browser(cloud);
        using var answer = await browser.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await Page(cloud, "ciel-token=" + cookie)).ShouldContain("name=\"password\"");
    }

    [Fact]
    public async Task What_is_no_form_is_refused_in_a_sentence()
    {
        await using var cloud = await TestCloud.Start();
        using var browser = Browser(cloud);
        foreach (var (body, type) in new[] { ("{}", "application/json"), (new string('x', 100_000), "application/x-www-form-urlencoded"), ("--x", "multipart/form-data; boundary=x") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/console/sign-in") { Content = new StringContent(body) };
            request.Content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(type);
            request.Headers.Add("Origin", Own(cloud));
            using var answer = await browser.SendAsync(request);
            ((int)answer.StatusCode).ShouldBeInRange(400, 499, type);
        }
    }

    private static async Task<string> Page(TestCloud cloud, string? cookie = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie);
        }

        using var browser = Browser(cloud);
        using var answer = await browser.SendAsync(request);
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'none'");
        return await answer.Content.ReadAsStringAsync();
    }

    private static async Task<(HttpStatusCode Status, string Cookie, string Page)> SignIn(TestCloud cloud, string user, string password) =>
        await SignIn(cloud, user, password, Own(cloud));

    private static async Task<(HttpStatusCode Status, string Cookie, string Page)> SignIn(TestCloud cloud, string user, string password, string? origin)
    {
        using var browser = Browser(cloud);
        using var request = Form("/console/sign-in", origin, new() { ["user"] = user, ["password"] = password });
        using var answer = await browser.SendAsync(request);
        var cookie = answer.Headers.TryGetValues("Set-Cookie", out var set) ? set.Single() : "";
        return (answer.StatusCode, cookie, await answer.Content.ReadAsStringAsync());
    }

    private static HttpRequestMessage Form(string path, string? origin, Dictionary<string, string> fields)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields) };
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        return request;
    }

    private static string Own(TestCloud cloud) => cloud.Host.Url.GetLeftPart(UriPartial.Authority);

    private static HttpClient Browser(TestCloud cloud) =>
        new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = cloud.Host.Url };
}
