using System.Net.Http.Headers;
using System.Text;

namespace Ciel.Tests.Attack;

/// <summary>Every route with input that no client means: the service's own error each time, nothing of our insides, nothing half-made.</summary>
public class BadInputTests
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private static string[] Queries => ["", "?limit=-1", "?limit=99999999999999999999", "?limit=x&marker=y", "?marker=nothing", "?sort_key=x;--&sort_dir=up", "?name=%00", "?name=%ff", "?fields=x", "?%00",
        "?changes-since=yesterday", "?created_at=gt:x", "?all_tenants=maybe", "?ip=[", "?name=(((", "?tags=,,&not-tags-any=", "?fixed_ips=ip_address%3Dx", "?size_min=x", "?start=x&end=y", "?a=" + new string('b', 4000)];

    // The web server itself answers 414 to a line beyond 8 KiB, before any door is asked; these stay within it.
    private static string[] Ids => ["nothing", "..%2f..%2fetc%2fpasswd", "..", "%2e%2e%2f", "'%20OR%201=1--", "%F0%9F%98%80", "%ff%fe", "a%0d%0aSet-Cookie:x", "%25s%25n", new('a', 1500), "0194f2a0-0000-7000-8000-0000000000c1", "-1", "99999999999999999999"];

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task SpoiledBodiesOfEveryKindAreRefused(string kind)
    {
        await using var cloud = await TestCloud.Start(kind);
        var estate = await Estate.Make(cloud, "alice");
        var admin = await cloud.AdminToken();
        var wrong = new List<string>();
        foreach (var deed in estate.Deeds)
        {
            foreach (var body in Junk.Spoil(deed.Body))
            {
                await Ask(cloud, deed.Method.Method, deed.Path, admin, Encoding.UTF8.GetBytes(body), Json, wrong);
            }
        }

        wrong.ShouldBeEmpty();
        await Sound.Check(cloud);
    }

    [Fact]
    public async Task BodiesOfNothingAndOfTooMuchAreRefusedOnEveryRoute()
    {
        await using var cloud = await TestCloud.Start();
        var estate = await Estate.Make(cloud, "alice");
        var wrong = new List<string>();
        foreach (var route in Walk.Routes(cloud).Where(r => r.Writes))
        {
            foreach (var body in Junk.Bodies)
            {
                await Ask(cloud, route.Method, route.Fill(estate.Fill), estate.Token, body, Json, wrong);
            }

            foreach (var type in (string[])["text/plain", "application/xml", "multipart/form-data", "application/json; charset=utf-16", "application/openstack-images-v2.1-json-patch"])
            {
                await Ask(cloud, route.Method, route.Fill(estate.Fill), estate.Token, "{\"a\":{}}"u8.ToArray(), MediaTypeHeaderValue.Parse(type), wrong);
            }
        }

        wrong.ShouldBeEmpty();
        await Sound.Check(cloud);
    }

    [Fact]
    public async Task BodiesOfTwoMebibytesAreRefused()
    {
        await using var cloud = await TestCloud.Start();
        var estate = await Estate.Make(cloud, "alice");
        var large = Encoding.UTF8.GetBytes("{\"a\":\"" + new string('x', 2 << 20) + "\"}");
        var wrong = new List<string>();
        foreach (var route in Walk.Routes(cloud).Where(r => r.Writes && !r.Pattern.EndsWith("/file", StringComparison.Ordinal) && !r.Pattern.EndsWith("/stage", StringComparison.Ordinal)))
        {
            await Ask(cloud, route.Method, route.Fill(estate.Fill), estate.Token, large, Json, wrong);
        }

        wrong.ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task StrangePathsQueriesAndVerbsAreAnswered(string kind)
    {
        await using var cloud = await TestCloud.Start(kind);
        var admin = await cloud.AdminToken();
        var wrong = new List<string>();
        foreach (var route in Walk.Routes(cloud).Where(r => !r.Writes))
        {
            foreach (var id in Ids.Where((_, i) => i == 0 || route.Pattern.Contains('{', StringComparison.Ordinal)))
            {
                await Ask(cloud, route.Method, route.Fill((_, _) => id), admin, null, Json, wrong);
            }

            foreach (var query in Queries.Where(_ => route.Method == "GET"))
            {
                await Ask(cloud, route.Method, route.Fill((_, _) => "nothing") + query, admin, null, Json, wrong);
            }

            foreach (var verb in (string[])["HEAD", "OPTIONS", "TRACE", "PROPFIND"])
            {
                await Ask(cloud, verb, route.Fill((_, _) => "nothing"), admin, null, Json, wrong);
            }
        }

        wrong.ShouldBeEmpty();
        await Sound.Check(cloud);
    }

    private static async Task Ask(TestCloud cloud, string method, string path, string token, byte[]? body, MediaTypeHeaderValue type, List<string> wrong)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("X-Auth-Token", token);
        request.Headers.Add("X-Subject-Token", "nothing");
        request.Content = body is null ? null : new ByteArrayContent(body) { Headers = { ContentType = type } };
        using var answer = await cloud.Client.SendAsync(request);
        if (await Words.Wrong(answer) is { } problem && wrong.Count < 100)
        {
            wrong.Add($"{method} {path[..Math.Min(path.Length, 200)]} {(body is null ? "" : Encoding.UTF8.GetString(body, 0, Math.Min(body.Length, 300)))}: {problem}");
        }
    }
}
