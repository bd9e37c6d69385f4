using System.Net;

namespace Ciel.Tests.Identity;

public class LoginTests
{
    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task AdminLogsInAndSeesTheOwnToken(string kind)
    {
        await using var cloud = await TestCloud.Start(kind);
        var token = await cloud.AdminToken();
        token.Length.ShouldBeInRange(100, 200);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/identity/v3/auth/tokens");
        request.Headers.Add("X-Auth-Token", token);
        request.Headers.Add("X-Subject-Token", token);
        using var answer = await cloud.Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        answer.Headers.Vary.ShouldContain("X-Auth-Token");
        text.ShouldContain("\"name\":\"admin\"");
        text.ShouldContain(cloud.Client.BaseAddress + "compute/v2.1");
    }
}
