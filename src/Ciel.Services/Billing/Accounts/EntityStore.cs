using Ciel.Core.Store;

namespace Ciel.Services.Billing.Accounts;

/// <summary>The SQL of those who issue invoices.</summary>
internal static class EntityStore
{
    public static Task<Entity?> Find(Reader reader, string id) => reader.First<Entity>("SELECT * FROM billing_entity WHERE id = @id", new { id });

    public static Task<List<Entity>> All(Reader reader) => reader.Query<Entity>("SELECT * FROM billing_entity ORDER BY id");

    public static Task Insert(Tx tx, Entity entity) => tx.Execute(
        """
        INSERT INTO billing_entity (id, name, country, tax_number, details, prefix, last_number) VALUES (@Id, @Name, @Country, @TaxNumber, @Details, @Prefix, @LastNumber)
        ON CONFLICT (id) DO NOTHING
        """,
        entity);

    /// <summary>Changes it; not its prefix once a number was given.</summary>
    /// <returns>Whether it did.</returns>
    public static async Task<bool> Update(Tx tx, Entity entity) => await tx.Execute(
        "UPDATE billing_entity SET name = @Name, country = @Country, tax_number = @TaxNumber, details = @Details, prefix = @Prefix WHERE id = @Id AND (prefix = @Prefix OR last_number = 0)",
        entity) == 1;

    /// <summary>Its next number. Who takes one and rolls back gives it back: no gap is left.</summary>
    public static async Task<string> NextNumber(Tx tx, string entity)
    {
        await tx.Execute("UPDATE billing_entity SET last_number = last_number + 1 WHERE id = @entity", new { entity });
        var after = (await Find(tx, entity))!;
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{after.Prefix}{after.LastNumber:000000}");
    }
}
