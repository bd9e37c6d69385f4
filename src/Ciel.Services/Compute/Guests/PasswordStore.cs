using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>The SQL of the passwords that guests hand in, encrypted to their owner's key.</summary>
internal static class PasswordStore
{
    public static Task<string?> Find(Reader reader, string serverId) =>
        reader.First<string>("SELECT password FROM compute_password WHERE server_id = @serverId", new { serverId });

    /// <summary>Keeps it, unless there is one.</summary>
    public static async Task<bool> Add(Tx tx, string serverId, string password) => await tx.Execute(
        "INSERT INTO compute_password (server_id, password) VALUES (@serverId, @password) ON CONFLICT (server_id) DO NOTHING",
        new { serverId, password }) == 1;

    public static Task Remove(Tx tx, string serverId) => tx.Execute("DELETE FROM compute_password WHERE server_id = @serverId", new { serverId });
}
