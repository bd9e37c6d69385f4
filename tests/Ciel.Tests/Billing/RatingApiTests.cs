using System.Text.Json;

namespace Ciel.Tests.Billing;

/// <summary>CloudKitty's API, as its client calls it.</summary>
public sealed class RatingApiTests
{
    private const long Hour = 3_600_000_000;

    [Theory]
    [MemberData(nameof(InvoicingTests.Both), MemberType = typeof(InvoicingTests))]
    public async Task A_summary_adds_up_what_the_ledger_says(string kind)
    {
        await using var cloud = await Start(kind);
        (await Get(cloud, "/v2/summary?groupby=type,project_id&begin=2020-01-01+00:00:00%2B00:00&end=2020-02-01T00:00:00Z")).GetRawText().ShouldBe(
            """{"total":2,"columns":["begin","end","qty","rate","type","project_id"],"results":[["2020-01-01T00:00:00Z","2020-02-01T00:00:00Z",3,1.5,"machine","alice"],["2020-01-01T00:00:00Z","2020-02-01T00:00:00Z",2,1,"machine","bob"]]}""");
        var own = await Get(cloud, "/v2/summary?begin=2020-01-01&end=2020-02-01&response_format=object", "alice");
        own.GetProperty("results")[0].GetRawText().ShouldBe("""{"begin":"2020-01-01T00:00:00Z","end":"2020-02-01T00:00:00Z","qty":3,"rate":1.5}""");
        var frames = (await Get(cloud, "/v2/dataframes?begin=2020-01-01&end=2020-02-01&filters=project_id:bob,type:machine")).GetProperty("dataframes");
        frames[0].GetProperty("usage").GetRawText().ShouldBe("""{"machine":[{"vol":{"unit":"server-hour","qty":2},"rating":{"price":1},"groupby":{"project_id":"bob","id":"vm"},"metadata":{}}]}""");
        (await Get(cloud, "/v2/scope")).GetProperty("results").EnumerateArray().Select(s => s.GetProperty("scope_id").GetString()).ShouldBe(["alice", "bob"]);
        (await Get(cloud, "/v1/report/total/?begin=2020-01-01&end=2020-02-01&all_tenants=True")).GetRawText().ShouldBe("2.5");
        (await Get(cloud, "/v1/report/summary/?begin=2020-01-01&end=2020-02-01&groupby=tenant_id&all_tenants=true")).GetProperty("summary").EnumerateArray()
            .Select(s => $"{s.GetProperty("tenant_id")} {s.GetProperty("res_type")} {s.GetProperty("rate")}").ShouldBe(["alice ALL 1.5", "bob ALL 1"]);
        (await Get(cloud, "/v1/info/metrics/machine")).GetProperty("unit").GetString().ShouldBe("server-hour");
    }

    [Theory]
    [MemberData(nameof(InvoicingTests.Both), MemberType = typeof(InvoicingTests))]
    public async Task A_report_of_version_1_was_of_all_tenants_whoever_asked(string kind)
    {
        await using var cloud = await Start(kind);
        const string January = "begin=2020-01-01&end=2020-02-01";
        async Task<string> Rates(string query, string token) =>
            string.Join(' ', (await Get(cloud, $"/v1/report/summary?{January}{query}", token)).GetProperty("summary").EnumerateArray().Select(s => $"{s.GetProperty("tenant_id")}/{s.GetProperty("res_type")}={s.GetProperty("rate")}"));
        (await Rates("&groupby=tenant_id,res_type", "alice")).ShouldBe("alice/machine=1.5");
        (await Rates("&all_tenants=1", "admin")).ShouldBe("ALL/ALL=2.5");
        (await Rates("&tenant_id=bob", "admin")).ShouldBe("ALL/ALL=1");
        (await Rates("", "admin")).ShouldBeEmpty("an operator's own project has run nothing");
        (await Rates("&tenant_id=bob&service=disk", "admin")).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(InvoicingTests.Both), MemberType = typeof(InvoicingTests))]
    public async Task Dataframes_come_in_pages_of_points_and_in_version_1_at_once(string kind)
    {
        await using var cloud = await Start(kind);
        const string January = "begin=2020-01-01&end=2020-02-01";
        var pages = new List<string?>();
        for (var offset = 0; offset < 2; offset++)
        {
            var page = await Get(cloud, $"/v2/dataframes?{January}&limit=1&offset={offset}");
            page.GetProperty("total").GetInt32().ShouldBe(2);
            pages.Add(page.GetProperty("dataframes").EnumerateArray().Single().GetProperty("usage").GetProperty("machine").EnumerateArray().Single().GetProperty("groupby").GetProperty("project_id").GetString());
        }

        pages.ShouldBe(["alice", "bob"]);
        (await Get(cloud, $"/v2/dataframes?{January}&offset=2")).GetProperty("dataframes").GetArrayLength().ShouldBe(0);
        (await Get(cloud, $"/v1/storage/dataframes?{January}&resource_type=machine&tenant_id=bob")).GetRawText().ShouldBe(
            """{"dataframes":[{"begin":"2020-01-01T00:00:00Z","end":"2020-02-01T00:00:00Z","tenant_id":"bob","resources":[{"service":"machine","desc":{"project_id":"bob","id":"vm"},"volume":"2","rating":"1"}]}]}""");
        (await Get(cloud, $"/v1/storage/dataframes?{January}", "alice")).GetProperty("dataframes").EnumerateArray().Select(f => f.GetProperty("tenant_id").GetString()).ShouldBe(["alice"]);
        (await Get(cloud, $"/v1/storage/dataframes?{January}&resource_type=disk")).GetProperty("dataframes").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData("GET", "/v2/summary?groupby=colour", "admin", 400)]
    [InlineData("GET", "/v2/summary?begin=yesterday", "admin", 400)]
    [InlineData("GET", "/v2/summary?begin=2020-02-01&end=2020-01-01", "admin", 400)]
    [InlineData("GET", "/v2/summary?filters=colour:red", "admin", 400)]
    [InlineData("GET", "/v2/summary?limit=-1", "admin", 400)]
    [InlineData("GET", "/v2/dataframes?limit=0", "admin", 400)]
    [InlineData("GET", "/v2/dataframes?offset=-1", "admin", 400)]
    [InlineData("GET", "/v2/dataframes?filters=type:disk", "admin", 404)]
    [InlineData("GET", "/v1/storage/dataframes?tenant_id=bob", "alice", 403)]
    [InlineData("GET", "/v1/report/summary?all_tenants=True", "alice", 403)]
    [InlineData("GET", "/v2/summary?filters=project_id:bob", "alice", 403)]
    [InlineData("GET", "/v2/scope", "alice", 403)]
    [InlineData("GET", "/v2/scope?scope_id=nobody", "admin", 404)]
    [InlineData("GET", "/v2/rating/modules", "alice", 403)]
    [InlineData("GET", "/v2/rating/modules/hashmap", "admin", 404)]
    [InlineData("GET", "/v1/info/metrics/nothing", "admin", 404)]
    [InlineData("GET", "/v1/report/tenants", "alice", 403)]
    [InlineData("GET", "/v1/report/total?tenant_id=bob", "alice", 403)]
    [InlineData("GET", "/v1/rating/module_config/hashmap/mappings", "admin", 403)]
    [InlineData("POST", "/v2/dataframes", "admin", 403)]
    [InlineData("PUT", "/v2/scope", "admin", 403)]
    [InlineData("GET", "/v2/rating/modules", "admin", 200)]
    [InlineData("GET", "/v1/rating/modules/", "admin", 200)]
    [InlineData("GET", "/v1/info/config/", "alice", 200)]
    [InlineData("GET", "/v1/rating/module_config/hashmap/services/", "admin", 200)]
    public async Task What_may_be_asked_is_answered_and_the_rest_refused(string method, string path, string token, int status)
    {
        await using var cloud = await Start("sqlite");
        using var request = new HttpRequestMessage(new HttpMethod(method), "/rating" + path);
        request.Headers.Add("X-Auth-Token", token);
        using var answer = await cloud.Host.Client.SendAsync(request);
        ((int)answer.StatusCode).ShouldBe(status);
    }

    private static async Task<BillingCloud> Start(string kind)
    {
        var cloud = await BillingCloud.Start(kind);
        await cloud.Import();
        const long From = 1_577_836_800_000_000; // 2020-01-01
        await cloud.Ran("alice", From, From + (3 * Hour));
        await cloud.Ran("bob", From - Hour, From + (2 * Hour));
        return cloud;
    }

    private static async Task<JsonElement> Get(BillingCloud cloud, string path, string token = "admin")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/rating" + path);
        request.Headers.Add("X-Auth-Token", token);
        using var answer = await cloud.Host.Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(200, text);
        return JsonDocument.Parse(text).RootElement.Clone();
    }
}
