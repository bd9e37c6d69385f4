using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>The statements that write whole rows of one table: the columns that every resource has, and its own.</summary>
internal sealed class Table
{
    private static readonly string[] Common =
        ["id", "project_id", "name", "description", "tags", "revision", "counted", "created_at", "updated_at"];

    private readonly string _insert;
    private readonly string _update;
    private readonly string _delete;
    private readonly string _lock;

    public Table(string name, params string[] columns)
    {
        Name = name;
        string[] all = [.. Common, .. columns];
        _insert = $"INSERT INTO {name} ({string.Join(", ", all)}) VALUES ({string.Join(", ", all.Select(Parameter))}) ON CONFLICT DO NOTHING";
        _update = $"UPDATE {name} SET {string.Join(", ", all.Skip(1).Select(c => $"{c} = {Parameter(c)}"))} WHERE id = @Id";
        _delete = $"DELETE FROM {name} WHERE id = @id";
        _lock = $"SELECT id FROM {name} WHERE id = @id ";
    }

    public string Name { get; }

    /// <summary>The neutral DDL of the columns that every resource has.</summary>
    public const string CommonDdl = """
        id text NOT NULL PRIMARY KEY,
        project_id text NOT NULL,
        name text NOT NULL,
        description text NOT NULL,
        tags text NOT NULL,
        revision bigint NOT NULL,
        counted bigint NOT NULL,
        created_at bigint NOT NULL,
        updated_at bigint NOT NULL
        """;

    /// <summary>Inserts a new row.</summary>
    /// <returns>False where a unique constraint refused it; the transaction goes on.</returns>
    public async Task<bool> Insert<T>(Tx tx, T row)
        where T : Resource =>
        await tx.Execute(_insert, row with { CreatedAt = tx.Now, UpdatedAt = tx.Now }) == 1;

    /// <summary>Writes a changed row; the caller holds its lock.</summary>
    public Task Update<T>(Tx tx, T row)
        where T : Resource =>
        tx.Execute(_update, row with { Revision = row.Revision + 1, UpdatedAt = tx.Now });

    public async Task<bool> Delete(Tx tx, string id) => await tx.Execute(_delete, new { id }) == 1;

    /// <summary>The project that owns the row; null where there is none.</summary>
    public Task<string?> OwnerOf(Reader reader, string id) => reader.Scalar<string>($"SELECT project_id FROM {Name} WHERE id = @id", new { id });

    /// <summary>Keeps everyone else from the row until commit.</summary>
    /// <returns>Whether there is such a row.</returns>
    public async Task<bool> Lock(Tx tx, string id) => await tx.Scalar<string>(_lock + tx.Dialect.ForUpdate, new { id }) is not null;

    private static string Parameter(string column) =>
        "@" + string.Concat(column.Split('_').Select(part => char.ToUpperInvariant(part[0]) + part[1..]));
}
