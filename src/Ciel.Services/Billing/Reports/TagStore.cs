using Ciel.Core.Store;

namespace Ciel.Services.Billing.Reports;

/// <summary>The SQL of tags: words that customers put on their projects and resources, for reports.</summary>
internal static class TagStore
{
    public static Task<List<Tagged>> Of(Reader reader, string account) => reader.Query<Tagged>("SELECT thing, tag, value FROM billing_tag WHERE account_id = @account ORDER BY thing, tag", new { account });

    /// <summary>A thing has these tags and no others.</summary>
    public static async Task Set(Tx tx, string account, string thing, IReadOnlyDictionary<string, string> tags)
    {
        await tx.Execute("DELETE FROM billing_tag WHERE account_id = @account AND thing = @thing", new { account, thing });
        foreach (var (tag, value) in tags)
        {
            await tx.Execute("INSERT INTO billing_tag (account_id, thing, tag, value) VALUES (@account, @thing, @tag, @value)", new { account, thing, tag, value });
        }
    }

    public static Task<long> Count(Reader reader, string account) => reader.Scalar<long>("SELECT COUNT(*) FROM billing_tag WHERE account_id = @account", new { account });
}

/// <summary>A tag of a thing.</summary>
/// <param name="Thing">A project's or a resource's id.</param>
/// <param name="Tag">Its name.</param>
/// <param name="Value">Its value.</param>
internal sealed record Tagged(string Thing, string Tag, string Value);
