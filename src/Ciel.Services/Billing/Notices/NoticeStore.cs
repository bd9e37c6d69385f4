using Ciel.Core.Store;

namespace Ciel.Services.Billing.Notices;

/// <summary>The SQL of notices.</summary>
internal static class NoticeStore
{
    public static Task Add(Tx tx, Notice notice) => tx.Execute("INSERT INTO billing_notice (id, account_id, kind, message, at) VALUES (@Id, @AccountId, @Kind, @Message, @At)", notice);

    /// <summary>The newest notices of an account.</summary>
    public static Task<List<Notice>> Of(Reader reader, string account, int most) =>
        reader.Query<Notice>("SELECT * FROM billing_notice WHERE account_id = @account ORDER BY at DESC, id DESC LIMIT @most", new { account, most });

    public static Task<List<Notice>> Some(Reader reader, IReadOnlyList<string> ids) => reader.Query<Notice>("SELECT * FROM billing_notice WHERE id IN @ids", new { ids });
}
