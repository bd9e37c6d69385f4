using Ciel.Services.Billing.Accounts;

namespace Ciel.Tests.Billing;

/// <summary>What is said of both sides of an invoice: tax numbers and addresses that nobody could use were taken, and missed only on an invoice.</summary>
public sealed class PartyInputTests
{
    [Theory]
    [InlineData("ATU12345678", "BE0123456789", "BG123456789", "BG1234567890", "CY12345678X", "CZ12345678", "CZ1234567890", "DE123456789", "DK12345678", "EE123456789", "EL123456789", "GR123456789")]
    [InlineData("ESA12345678", "ES12345678A", "ESX1234567A", "FI12345678", "FR12345678901", "FRAB123456789", "HR12345678901", "HU12345678", "IE1234567WA", "IE1A12345W", "IT12345678901")]
    [InlineData("LT123456789", "LT123456789012", "LU12345678", "LV12345678901", "MT12345678", "NL123456789B01", "PL1234567890", "PT123456789", "RO12", "RO1234567890", "SE123456789001")]
    [InlineData("SI12345678", "SK1234567890", "XI123456789", "XIGD123", "CHE-123.456.789", "GB123456789", "NO123456789MVA", "12/345/67890", "12-3456789", "x")]
    public void A_tax_number_that_can_be_is_taken(params string[] numbers) => numbers.Select(n => VatNumber.Wrong(n, "")).ShouldAllBe(w => w == null);

    [Theory]
    [InlineData("DE12345678", "DE", "no VAT number of DE")]
    [InlineData("DE 123456789", "DE", "without spaces")]
    [InlineData("de123456789", "DE", "in capitals")]
    [InlineData("ATU123456789", "AT", "no VAT number of AT")]
    [InlineData("FR123456789", "FR", "no VAT number of FR")]
    [InlineData("DE123456789\n", "DE", "no VAT number of DE")]
    [InlineData("123456789", "DE", "Write DE123456789")]
    public async Task A_tax_number_that_no_e_invoice_could_bear_was_taken(string number, string country, string said)
    {
        await using var cloud = await BillingCloud.Start("sqlite");
        await Refused(cloud, "/accounts/default", new { account = new { country, tax_number = number } }, said);
        await Refused(cloud, "/entities/default", new { entity = new { country, tax_number = number } }, said);
    }

    [Theory]
    [InlineData("a@acme.example,b@acme.example")]
    [InlineData("a@acme.example; b@acme.example")]
    [InlineData("Books <a@acme.example>")]
    [InlineData("nobody")]
    public async Task Several_addresses_in_the_field_for_one_were_taken_and_got_no_mail(string email)
    {
        await using var cloud = await BillingCloud.Start("sqlite");
        await Refused(cloud, "/accounts/default", new { account = new { details = new { email } } }, "write one e-mail address");
        await Refused(cloud, "/entities/default", new { entity = new { details = new { email } } }, "write one e-mail address");
    }

    [Theory]
    [InlineData("name", "Acme\u0001")]
    [InlineData("email", "a@acme.example\nb@acme.example")]
    [InlineData("email", "a@acme.example\r\nBcc: b@acme.example")]
    [InlineData("street", "Main Street\u001b 1")]
    public async Task A_control_character_in_a_name_or_address_broke_every_e_invoice(string field, string value)
    {
        await using var cloud = await BillingCloud.Start("sqlite");
        object party = field == "name" ? new { name = value } : new { details = new Dictionary<string, string> { [field] = value } };
        await Refused(cloud, "/accounts/default", new { account = party }, "without control characters");
        await Refused(cloud, "/entities/default", new { entity = party }, "without control characters");
    }

    [Fact]
    public async Task What_was_taken_before_does_not_stand_in_the_way_of_other_changes()
    {
        await using var cloud = await BillingCloud.Start("sqlite");
        await cloud.Db.Write(tx => tx.Execute("UPDATE billing_account SET tax_number = 'DE1', details = @details", new { details = """{"email": "a@b.example, c@d.example"}""" }));
        (await cloud.Send(HttpMethod.Patch, "/accounts/default", new { account = new { name = "Acme" } })).Status.ShouldBe(200);
        (await cloud.Send(HttpMethod.Patch, "/accounts/default", new { account = new { details = new { email = "" } } })).Status.ShouldBe(200);
        (await cloud.Send(HttpMethod.Patch, "/accounts/default", new { account = new { tax_number = (string?)null } })).Status.ShouldBe(200);
        (await cloud.Account("default")).TaxNumber.ShouldBeNull();
    }

    private static async Task Refused(BillingCloud cloud, string path, object body, string said)
    {
        var (status, answer) = await cloud.Send(HttpMethod.Patch, path, body);
        status.ShouldBe(400);
        answer.GetProperty("error").GetProperty("message").GetString()!.ShouldContain(said);
    }
}
