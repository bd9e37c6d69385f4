using Ciel.Core.Store;

namespace Ciel.Services.Identity.Extensions;

/// <summary>The SQL of domains' options.</summary>
internal static class DomainOptionStore
{
    public static Task<List<DomainOption>> Of(Reader reader, string domainId) => reader.Query<DomainOption>(
        "SELECT section, name, value FROM identity_domain_option WHERE domain_id = @domainId ORDER BY section, name", new { domainId });

    public static Task Save(Tx tx, string domainId, DomainOption option) => tx.Execute(
        """
        INSERT INTO identity_domain_option (domain_id, section, name, value) VALUES (@domainId, @Section, @Name, @Value)
        ON CONFLICT (domain_id, section, name) DO UPDATE SET value = excluded.value
        """,
        new { domainId, option.Section, option.Name, option.Value });

    public static Task Delete(Tx tx, string domainId, DomainOption option) => tx.Execute(
        "DELETE FROM identity_domain_option WHERE domain_id = @domainId AND section = @Section AND name = @Name", new { domainId, option.Section, option.Name });

    public static Task<int> Clear(Tx tx, string domainId) => tx.Execute("DELETE FROM identity_domain_option WHERE domain_id = @domainId", new { domainId });
}
