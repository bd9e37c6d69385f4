using System.Text.Json;
using Ciel.Core.Store;

namespace Ciel.Services.ObjectStorage.Swift;

/// <summary>The SQL of accounts' own metadata.</summary>
internal static class AccountStore
{
    public static async Task<Dictionary<string, string>> Meta(Reader reader, string account) =>
        await reader.Scalar<string>("SELECT meta FROM object_account WHERE project_id = @account", new { account }) is { } text ? JsonSerializer.Deserialize<Dictionary<string, string>>(text)! : [];

    public static Task Set(Tx tx, string account, IReadOnlyDictionary<string, string> meta) => tx.Execute(
        "INSERT INTO object_account (project_id, meta) VALUES (@account, @meta) ON CONFLICT (project_id) DO UPDATE SET meta = excluded.meta",
        new { account, meta = JsonSerializer.Serialize(meta) });

    public static Task Forget(Tx tx, string account) => tx.Execute("DELETE FROM object_account WHERE project_id = @account", new { account });
}
