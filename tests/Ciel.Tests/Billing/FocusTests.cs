using System.Globalization;
using Ciel.Services.Billing.Focus;
using Parquet;

namespace Ciel.Tests.Billing;

/// <summary>FOCUS data of issued invoices, over HTTP. What the rules of FOCUS say of it is `./dev conformance focus`.</summary>
public sealed class FocusTests
{
    [Fact]
    public async Task A_sample_cloud_is_exported_to_the_last_cent()
    {
        await using var cloud = await FocusSample.Cloud("sqlite");
        var csv = await FocusSample.Text(cloud, "/focus?version=1.2");
        var rows = FocusSample.Read(csv);
        await AddsUp(cloud, rows);
        rows.Select(r => r["ChargeCategory"]).Distinct().Order().ShouldBe(["Adjustment", "Credit", "Purchase", "Tax", "Usage"]);
        rows.Select(r => r["ServiceCategory"]).Distinct().Order().ShouldBe(["Compute", "Networking", "Other", "Storage"]);
        rows.Select(r => r["CommitmentDiscountStatus"]).Distinct().ShouldContain("Used");
        rows.Where(r => r["ChargeClass"] == "Correction").Select(r => r["ChargeCategory"]).Distinct().ShouldContain("Usage");
        rows.ShouldContain(r => r["Tags"] == """{"ciel:cost-centre":"R\u0026D, 7"}""");

        // What was paid ahead is the effect of what it covers: over all rows both costs are the same.
        FocusSample.Sum(rows, "EffectiveCost").ShouldBe(FocusSample.Sum(rows, "BilledCost"));
        if (Environment.GetEnvironmentVariable("CIEL_FOCUS_SAMPLE") is { } path)
        {
            await File.WriteAllTextAsync(path, csv, TestContext.Current.CancellationToken);
        }
    }

    [Theory]
    [MemberData(nameof(InvoicingTests.Both), MemberType = typeof(InvoicingTests))]
    public async Task Parquet_says_what_csv_says(string kind)
    {
        await using var cloud = await FocusSample.Cloud(kind);
        var rows = FocusSample.Read(await FocusSample.Text(cloud, "/focus?account=default&version=1.4"));
        await AddsUp(cloud, rows);
        using var file = new MemoryStream(await FocusSample.Bytes(cloud, "/focus?account=default&version=1.4&format=parquet"));
        await using var reader = await ParquetReader.CreateAsync(file);
        var fields = reader.Schema.GetDataFields();
        fields.Select(f => f.Name).ShouldBe(CostAndUsage.In("1.4").Select(c => c.Name));
        var (billed, categories) = (new List<decimal?>(), new List<string?>());
        for (var i = 0; i < reader.RowGroupCount; i++)
        {
            using var group = reader.OpenRowGroupReader(i);
            var numbers = new decimal?[group.RowCount];
            await group.ReadAsync<decimal>(fields.Single(f => f.Name == "BilledCost"), numbers.AsMemory());
            var texts = new string?[group.RowCount];
            await group.ReadAsync(fields.Single(f => f.Name == "ChargeCategory"), texts.AsMemory());
            billed.AddRange(numbers);
            categories.AddRange(texts);
        }

        billed.ShouldBe(rows.Select(r => (decimal?)decimal.Parse(r["BilledCost"], CultureInfo.InvariantCulture)));
        categories.ShouldBe(rows.Select(r => r["ChargeCategory"]));
    }

    [Theory]
    [InlineData("1.2", 57)]
    [InlineData("1.3", 65)]
    [InlineData("1.4", 65)]
    public void Each_version_has_its_columns_in_order(string version, int count)
    {
        var names = CostAndUsage.In(version).Select(c => c.Name).ToList();
        names.Count.ShouldBe(count);
        names.ShouldBe(names.Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("vCPU-hour", "vCPU-Hours")]
    [InlineData("GiB-month", "GiB-Months")]
    [InlineData("1000 request", "1000 Requests")]
    [InlineData("1000 requests", "1000 Requests")]
    [InlineData("kB", "KB")]
    [InlineData("month", "Months")]
    [InlineData("?", "Units")]
    public void Units_are_written_as_focus_wants_them(string unit, string written) => FocusUnit.Of(unit).ShouldBe(written);

    [Theory]
    [InlineData("=HYPERLINK(\"http://a.example\")", "\"'=HYPERLINK(\"\"http://a.example\"\")\"")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\tx", "\"'\tx\"")]
    [InlineData("＝1", "'＝1")]
    [InlineData("a;=1", "\"a;=1\"")]
    [InlineData("a=1", "a=1")]
    [InlineData("", "")]
    public async Task A_projects_name_was_a_formula_in_the_operators_spreadsheet(string name, string written)
    {
        using var file = new MemoryStream();
        await using var csv = new FocusCsv<string>(file, [FocusColumn<string>.Text("SubAccountName", n => n), FocusColumn<string>.Number("BilledCost", _ => "-1")]);
        await csv.Write([name], CancellationToken.None);
        System.Text.Encoding.UTF8.GetString(file.ToArray()).ShouldBe(written + ",-1\r\n", "numbers stay numbers");
    }

    [Theory]
    [InlineData("/focus?account=default", "mallory", 404)]
    [InlineData("/focus", "mallory", 400)]
    [InlineData("/focus?version=0.5", "admin", 400)]
    [InlineData("/focus?format=xls", "admin", 400)]
    [InlineData("/focus?from=yesterday", "admin", 400)]
    [InlineData("/focus?account=nobody", "admin", 404)]
    [InlineData("/focus?from=2999-01-01&format=parquet", "admin", 200)]
    public async Task Who_may_not_and_what_is_wrong_is_refused(string path, string token, int status)
    {
        await using var cloud = await BillingCloud.Start("sqlite");
        (await cloud.Send(HttpMethod.Get, path, token: token)).Status.ShouldBe(status);
    }

    private static async Task AddsUp(BillingCloud cloud, List<Dictionary<string, string>> rows)
    {
        var invoices = (await cloud.Get("/invoices")).GetProperty("invoices").EnumerateArray().ToList();
        invoices.Count.ShouldBe(3);
        foreach (var invoice in invoices)
        {
            var number = invoice.GetProperty("number").GetString();
            FocusSample.Sum(rows.Where(r => r["InvoiceId"] == number), "BilledCost").ShouldBe(invoice.GetProperty("total").GetDecimal());
        }
    }
}
