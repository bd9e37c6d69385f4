using System.Text.Json;

namespace Ciel.Tests.Identity;

/// <summary>Unified limits: registered for all projects, then set for one.</summary>
public class LimitTests
{
    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task ALimitIsRegisteredSetSeenAndGoesWithItsProject(string kind)
    {
        await using var cloud = await IdentityCloud.Start(kind);
        var (service, project) = (await cloud.Make("service", new { name = "glance", type = "image" }), await cloud.Make("project", new { name = "p" }));
        var wish = new { limits = new[] { new { service_id = service, project_id = project, resource_name = "image_count_total", resource_limit = 2, region_id = "RegionOne" } } };
        (await cloud.Status(HttpMethod.Post, "limits", cloud.Admin, wish)).ShouldBe(403, "nothing of that name is registered");
        var register = new { registered_limits = new[] { new { service_id = service, region_id = "RegionOne", resource_name = "image_count_total", default_limit = 10 } } };
        var registered = (await cloud.Post("registered_limits", register)).GetProperty("registered_limits")[0].GetProperty("id").GetString()!;
        (await cloud.Status(HttpMethod.Post, "registered_limits", cloud.Admin, register)).ShouldBe(409);

        var id = (await cloud.Post("limits", wish)).GetProperty("limits")[0].GetProperty("id").GetString()!;
        (await cloud.Status(HttpMethod.Post, "limits", cloud.Admin, wish)).ShouldBe(409);
        (await cloud.Patch("limits/" + id, new { limit = new { resource_limit = 3 } })).GetProperty("limit").GetProperty("resource_limit").GetInt32().ShouldBe(3);
        (await cloud.Status(HttpMethod.Delete, "registered_limits/" + registered, cloud.Admin)).ShouldBe(403, "a project has its own");
        (await cloud.Status(HttpMethod.Patch, "registered_limits/" + registered, cloud.Admin, new { registered_limit = new { default_limit = 1 } })).ShouldBe(403);
        (await cloud.Get("limits/model")).GetProperty("model").GetProperty("name").GetString().ShouldBe("flat");

        await cloud.Delete("projects/" + project);
        (await cloud.Status(HttpMethod.Get, "limits/" + id, cloud.Admin)).ShouldBe(404);
        var changed = await cloud.Patch("registered_limits/" + registered, new { registered_limit = new { default_limit = -1 } });
        changed.GetProperty("registered_limit").GetProperty("default_limit").GetInt32().ShouldBe(-1);
        await cloud.Delete("registered_limits/" + registered);
        (await cloud.Get("registered_limits")).GetProperty("registered_limits").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task AProjectSeesItsOwnLimitsAndChangesNone()
    {
        await using var cloud = await IdentityCloud.Start();
        var service = await cloud.Make("service", new { name = "glance", type = "image" });
        var (mine, other) = (await cloud.Make("project", new { name = "mine" }), await cloud.Make("project", new { name = "other" }));
        await cloud.Post("registered_limits", new { registered_limits = new[] { new { service_id = service, resource_name = "r", default_limit = 1 } } });
        var made = await cloud.Post("limits", new { limits = new[] { Of(mine, service), Of(other, service) } });
        string[] ids = [.. made.GetProperty("limits").EnumerateArray().Select(l => l.GetProperty("id").GetString()!)];
        var user = await cloud.User("u");
        await cloud.Put($"projects/{mine}/users/{user}/roles/{await cloud.Role("member")}");
        var token = (await cloud.LoginAs(user, IdentityCloud.Project(mine))).Token!;

        (await cloud.Get("limits", token)).GetProperty("limits").EnumerateArray().Select(l => l.GetProperty("project_id").GetString()).ShouldBe([mine]);
        (await cloud.Status(HttpMethod.Get, "limits/" + ids[0], token)).ShouldBe(200);
        (await cloud.Status(HttpMethod.Get, "limits/" + ids[1], token)).ShouldBe(403);
        (await cloud.Status(HttpMethod.Get, "limits/missing", token)).ShouldBe(403);
        (await cloud.Status(HttpMethod.Patch, "limits/" + ids[0], token, new { limit = new { resource_limit = 9 } })).ShouldBe(403);
        (await cloud.Status(HttpMethod.Post, "registered_limits", token, new { registered_limits = Array.Empty<object>() })).ShouldBe(403);
    }

    [Theory]
    [InlineData("limits", """{"limits": []}""")]
    [InlineData("limits", """{"limits": 7}""")]
    [InlineData("limits", """{"limits": [{"service_id": "x", "resource_name": "r", "resource_limit": 1}]}""")]
    [InlineData("limits", """{"limits": [{"service_id": "x", "project_id": "p", "resource_name": "r", "resource_limit": 1}]}""")]
    [InlineData("limits", """{"limits": [{"service_id": "x", "project_id": "p", "resource_name": "r", "resource_limit": -2}]}""")]
    [InlineData("registered_limits", """{"registered_limits": [{"service_id": "x", "resource_name": "r", "default_limit": 1}]}""")]
    [InlineData("registered_limits", """{"registered_limits": [{"service_id": "x", "resource_name": "r", "default_limit": "many"}]}""")]
    [InlineData("registered_limits", """{"registered_limits": [{"service_id": "x", "resource_name": "r", "default_limit": 1, "more": 1}]}""")]
    public async Task WhatIsNoLimitIsRefused(string path, string body)
    {
        await using var cloud = await IdentityCloud.Start();
        (await cloud.Status(HttpMethod.Post, path, cloud.Admin, JsonDocument.Parse(body).RootElement)).ShouldBe(400);
    }

    private static object Of(string project, string service) => new { project_id = project, service_id = service, resource_name = "r", resource_limit = 1 };
}
