
namespace Ciel.Tests.Attack;

// What billing has of the tenant: an account with one of everything that is bought and paid, and an invoice of last month.
internal sealed partial class Estate
{
    // JSON, which is YAML too, so that it can be spoiled as all other bodies are.
    private const string Book =
        """
        {"products":[{"id":"machine","name":"Machine","meter":"server.running","where":{"flavor":"*"},"quantity":"vcpus vCPU","unit":"vCPU-hour","service":"Compute"},{"id":"reads","name":"Reads","meter":"object.class-b-requests","unit":"1000 request"}],
        "prices":[{"product":"machine","currency":"EUR","from":"2020-01-01","price":0.5},{"product":"reads","currency":"EUR","from":"2020-01-01","tiers":"volume","steps":[{"up to":10,"price":2},{"price":1}]}],
        "offers":[{"id":"support","name":"Support","kind":"subscription","every":"month","currency":"EUR","price":31,"from":"2020-01-01"},{"id":"save","name":"Save","kind":"savings-plan","product":"*","percent":20,"months":12,"currency":"EUR","price":1,"from":"2020-01-01"}],
        "contracts":[{"id":"frame","name":"Frame","discounts":[{"products":"*","percent":10,"from":"2020-01-01"}]}],
        "taxes":[{"country":"DE","percent":19,"from":"2020-01-01"}]}
        """;

    private async Task MakeBilling(string name)
    {
        const string Root = "/billing/v1/";
        await Do(HttpMethod.Put, Root + "prices?retroactive=true", Book, _admin);
        await Make(Root + "entities", "entity", $$$"""{"id":"gmbh-{{{name}}}","name":"Issuer","prefix":"R-{{{name}}}-","country":"DE","tax_number":"DE000000001","details":{"city":"Ulm"}}""", _admin);
        await Make(Root + "accounts", "account", $$$"""{"id":"acme-{{{name}}}","name":"Acme of {{{name}}}","entity":"{{{this["entities"]}}}","country":"DE","currency":"EUR","zone":"Europe/Berlin","tax_number":"DE000000002","terms_days":14,"details":{"city":"Ulm"}}""", _admin);
        var account = Root + "accounts/" + this["accounts"];
        await Do(HttpMethod.Patch, account, """{"account":{"name":"Acme","terms_days":7}}""", _admin);
        await Do(HttpMethod.Put, $"{account}/projects/{ProjectId}", """{"cost_centre":"47"}""", _admin);
        await Do(HttpMethod.Put, account + "/contract", """{"contract":"frame"}""", _admin);
        _ids["coupons"] = "WELCOME-" + name;
        await Do(HttpMethod.Post, Root + "coupons", $$$"""{"coupon":{"code":"{{{this["coupons"]}}}","amount":0.5,"currency":"EUR","products":"*","uses":3,"from":"2020-01-01","to":"2099-01-01"}}""", _admin);
        await Do(HttpMethod.Post, Root + "coupons", $$$"""{"coupon":{"code":"LESS-{{{name}}}","percent":5}}""", _admin);
        await Do(HttpMethod.Put, account + "/coupons/" + this["coupons"], null, _admin);
        await Make(account + "/orders", "order", $$"""{"offer":"support","quantity":2,"project":"{{ProjectId}}"}""", _admin);
        await Do(HttpMethod.Patch, $"{account}/orders/{this["orders"]}", """{"order":{"offer":"support","quantity":3}}""", _admin);
        await Make(account + "/orders", "order", """{"offer":"save"}""", _admin);
        await Do(HttpMethod.Post, account + "/payments", """{"payment":{"amount":12.5,"kind":"payment","reference":"bank-1"}}""", _admin);
        await Do(HttpMethod.Put, $"{account}/tags/{ProjectId}", """{"tags":{"env":"live"}}""", _admin);
        await Do(HttpMethod.Put, account + "/webhook", """{"webhook":{"url":"http://192.0.2.1/bills"}}""", _admin);
        await Do(HttpMethod.Post, Root + "accounts", $$$"""{"account":{"id":"trial-{{{name}}}","name":"Trial of {{{name}}}","sandbox":true,"clock":"2026-01-01","prepaid":true,"low_balance":"5,1","release_after_days":30}}""", _admin);
        await Do(HttpMethod.Post, $"{Root}accounts/trial-{name}/clock/usage", """{"usage":[{"project":"web","resource":"vm","meter":"server.running","unit":"server","quantity":1,"attributes":{"flavor":"m1","vcpus":2},"from":"2026-01-01","to":"2026-01-02"},{"project":"web","resource":"b","meter":"object.class-b-requests","unit":"request","at":"2026-01-01"}]}""", _admin);
        await Issue(account, name);
        await Do(HttpMethod.Post, $"{Root}invoices/{this["invoices"]}/credit-notes", """{"credit_note":{"net":0.25,"reason":"an outage"}}""", _admin);
        await Rest();
    }

    // Last month is not invoiced yet, and something ran in it; the budget wakes the account's keeper.
    private async Task Issue(string account, string name)
    {
        var before = (await _cloud.Db.Now()) - (35L * 86_400_000_000);
        await _cloud.Db.Write(async tx =>
        {
            await tx.Execute("UPDATE billing_account SET closed_until = @before WHERE id = @id", new { before, id = this["accounts"] });
            await tx.Execute("UPDATE billing_project SET from_at = @before WHERE account_id = @id", new { before, id = this["accounts"] });
            await tx.Execute(
                """
                INSERT INTO usage_span (id, meter, resource_id, project_id, quantity, unit, attributes, opened_at, closed_at)
                VALUES (@id, 'server.running', 'machine-of-yore', @project, 1, 'server', '{"flavor":"m1","vcpus":2}', @before, @to)
                """,
                new { id = "yore-" + name, project = ProjectId, before, to = before + (2L * 3_600_000_000) });
        });
        await Make(account + "/budgets", "budget", $$"""{"amount":1000,"project":"{{ProjectId}}","alerts":"50,100","hard_stop":true}""", _admin);
        await Until(async () => (await _cloud.Db.Read(r => r.Scalar<long>("SELECT COUNT(*) FROM billing_invoice WHERE account_id = @id", new { id = this["accounts"] }))) > 0);
        _ids["invoices"] = (await _cloud.Db.Read(r => r.Scalar<string>("SELECT number FROM billing_invoice WHERE account_id = @id", new { id = this["accounts"] })))!;
    }

    private Task Rest() => Until(async () => await _cloud.Db.Read(r => r.Scalar<long>(
        "SELECT COUNT(*) FROM keeper WHERE id = @id AND (lease_until > 0 OR wake_at <= @now)", new { id = "billing-" + this["accounts"], now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1000 })) == 0);

    private static async Task Until(Func<Task<bool>> holds)
    {
        for (var i = 0; i < 400 && !await holds(); i++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        (await holds()).ShouldBeTrue();
    }
}
