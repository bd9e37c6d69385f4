using Ciel.Core.Store;

namespace Ciel.Services.Billing.Accounts;

/// <summary>The SQL of accounts, of their projects and contracts.</summary>
internal static class AccountStore
{
    public static Task<List<Account>> All(Reader reader) => reader.Query<Account>("SELECT * FROM billing_account ORDER BY id");

    /// <summary>So many in order of their ids, after the one that is named.</summary>
    public static Task<List<Account>> Page(Reader reader, string after, long most) =>
        reader.Query<Account>("SELECT * FROM billing_account WHERE id > @after ORDER BY id LIMIT @most", new { after, most });

    public static Task<List<Account>> Some(Reader reader, IReadOnlyList<string> ids) => reader.Query<Account>("SELECT * FROM billing_account WHERE id IN @ids ORDER BY id", new { ids });

    /// <summary>Those right below one.</summary>
    public static Task<List<Account>> Below(Reader reader, string id) => reader.Query<Account>("SELECT * FROM billing_account WHERE parent_id = @id ORDER BY id", new { id });

    public static Task<Account?> Find(Reader reader, string id) => reader.First<Account>("SELECT * FROM billing_account WHERE id = @id", new { id });

    /// <summary>The same, held until the transaction ends: what is decided by it stays true.</summary>
    public static Task<Account?> Hold(Tx tx, string id) => tx.First<Account>($"SELECT * FROM billing_account WHERE id = @id {tx.Dialect.ForUpdate}", new { id });

    /// <summary>The id of the account of that name; null where there is none.</summary>
    public static Task<string?> Named(Reader reader, string name) => reader.Scalar<string>("SELECT id FROM billing_account WHERE name = @name", new { name });

    public static Task Insert(Tx tx, Account account) => tx.Execute(
        """
        INSERT INTO billing_account (id, name, parent_id, entity_id, currency, zone, country, tax_number, details, terms_days, state, state_at, created_at, closed_until, clock_at, clock_to,
            prepaid, low_balance, release_after_days)
        VALUES (@Id, @Name, @ParentId, @EntityId, @Currency, @Zone, @Country, @TaxNumber, @Details, @TermsDays, @State, @StateAt, @CreatedAt, @ClosedUntil, @ClockAt, @ClockTo,
            @Prepaid, @LowBalance, @ReleaseAfterDays)
        ON CONFLICT (id) DO NOTHING
        """,
        account);

    public static Task Update(Tx tx, Account account) => tx.Execute(
        """
        UPDATE billing_account SET name = @Name, entity_id = @EntityId, currency = @Currency, zone = @Zone, country = @Country, tax_number = @TaxNumber,
            details = @Details, terms_days = @TermsDays, closed_until = @ClosedUntil,
            prepaid = @Prepaid, low_balance = @LowBalance, release_after_days = @ReleaseAfterDays
        WHERE id = @Id
        """,
        account);

    /// <summary>Moves the end of what is invoiced, unless somebody else just has.</summary>
    public static async Task<bool> Close(Tx tx, string id, long from, long to) =>
        await tx.Execute("UPDATE billing_account SET closed_until = @to WHERE id = @id AND closed_until = @from", new { id, from, to }) == 1;

    /// <summary>Whether something has been invoiced to it, paid by it or ordered for it.</summary>
    public static async Task<bool> HasMoney(Reader reader, string id) => await reader.Scalar<long>(
        """
        SELECT (SELECT COUNT(*) FROM billing_period WHERE account_id = @id) + (SELECT COUNT(*) FROM billing_entry WHERE account_id = @id)
            + (SELECT COUNT(*) FROM billing_order WHERE account_id = @id)
        """,
        new { id }) > 0;

    /// <summary>Moves a sandbox's clock, unless somebody else just has.</summary>
    public static async Task<bool> MoveClock(Tx tx, string id, long from, long to) =>
        await tx.Execute("UPDATE billing_account SET clock_at = @to WHERE id = @id AND clock_at = @from", new { id, from, to }) == 1;

    /// <summary>Says where a sandbox's clock is wanted; never back.</summary>
    public static async Task<bool> WantClock(Tx tx, string id, long to) =>
        await tx.Execute("UPDATE billing_account SET clock_to = @to WHERE id = @id AND clock_to <= @to", new { id, to }) == 1;

    /// <summary>
    /// The next number of the account's entity. Who takes one and rolls back gives it back: no gap is left. A sandbox counts for itself, under
    /// numbers with dots, which no entity's prefix has.
    /// </summary>
    public static Task<string> NextNumber(Tx tx, Account account) => account.IsSandbox ? NextOfSandbox(tx, account.Id) : EntityStore.NextNumber(tx, account.EntityId);

    private static async Task<string> NextOfSandbox(Tx tx, string account)
    {
        await tx.Execute("UPDATE billing_account SET sandbox_number = sandbox_number + 1 WHERE id = @account", new { account });
        var number = await tx.Scalar<long>("SELECT sandbox_number FROM billing_account WHERE id = @account", new { account });
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"SANDBOX.{account}.{number:000000}");
    }

    /// <summary>The stays that an account pays for.</summary>
    public static Task<List<Membership>> PaidBy(Reader reader, string payer) =>
        reader.Query<Membership>("SELECT * FROM billing_project WHERE payer_id = @payer ORDER BY project_id, from_at", new { payer });

    /// <summary>Whether other projects are in the account now, or are paid by it.</summary>
    public static async Task<bool> HasOthers(Reader reader, string account, string project) => await reader.Scalar<long>(
        "SELECT COUNT(*) FROM billing_project WHERE to_at IS NULL AND project_id <> @project AND (account_id = @account OR payer_id = @account)", new { account, project }) > 0;

    /// <summary>All stays of a project.</summary>
    public static Task<List<Membership>> StaysOf(Reader reader, string project) =>
        reader.Query<Membership>("SELECT * FROM billing_project WHERE project_id = @project ORDER BY from_at", new { project });

    /// <summary>All stays of all projects.</summary>
    public static Task<List<Membership>> Stays(Reader reader) => reader.Query<Membership>("SELECT * FROM billing_project ORDER BY project_id, from_at");

    public static Task Insert(Tx tx, Membership stay) => tx.Execute(
        """
        INSERT INTO billing_project (project_id, from_at, to_at, account_id, payer_id, cost_centre)
        VALUES (@ProjectId, @FromAt, @ToAt, @AccountId, @PayerId, @CostCentre)
        """,
        stay);

    /// <summary>Ends a project's open stay. One that had not lasted at all goes.</summary>
    public static async Task Leave(Tx tx, string project, long at)
    {
        await tx.Execute("DELETE FROM billing_project WHERE project_id = @project AND to_at IS NULL AND from_at >= @at", new { project, at });
        await tx.Execute("UPDATE billing_project SET to_at = @at WHERE project_id = @project AND to_at IS NULL", new { project, at });
    }

    public static Task<List<ContractTerm>> Contracts(Reader reader, string account) =>
        reader.Query<ContractTerm>("SELECT * FROM billing_contract WHERE account_id = @account ORDER BY project_id, from_at", new { account });

    /// <summary>From an instant on another contract holds for an account, or for one of its projects, or none.</summary>
    public static async Task Agree(Tx tx, string account, string? project, string? contract, long from)
    {
        project ??= "";
        await tx.Execute("DELETE FROM billing_contract WHERE account_id = @account AND project_id = @project AND from_at >= @from", new { account, project, from });
        await tx.Execute(
            "UPDATE billing_contract SET to_at = @from WHERE account_id = @account AND project_id = @project AND (to_at IS NULL OR to_at > @from)", new { account, project, from });
        if (contract is not null)
        {
            await tx.Execute(
                "INSERT INTO billing_contract (account_id, project_id, contract, from_at, to_at) VALUES (@account, @project, @contract, @from, NULL)", new { account, project, contract, from });
        }
    }
}
