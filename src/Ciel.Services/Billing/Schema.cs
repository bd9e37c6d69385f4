using Ciel.Core.Store;

namespace Ciel.Services.Billing;

/// <summary>The tables of billing. Money and quantities are canonical text with up to ten decimals; C# adds them.</summary>
internal static class Schema
{
    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new("billing", 1,
        [
            "CREATE TABLE billing_book (version bigint NOT NULL PRIMARY KEY, document text NOT NULL, imported_at bigint NOT NULL, imported_by text NOT NULL)",
            """
            CREATE TABLE billing_entity (
                id text NOT NULL PRIMARY KEY,
                name text NOT NULL,
                country text NOT NULL,
                tax_number text,
                details text NOT NULL,
                prefix text NOT NULL,
                last_number bigint NOT NULL)
            """,
            """
            CREATE TABLE billing_account (
                id text NOT NULL PRIMARY KEY,
                name text NOT NULL UNIQUE,
                parent_id text,
                entity_id text NOT NULL,
                currency text NOT NULL,
                zone text NOT NULL,
                country text NOT NULL,
                tax_number text,
                details text NOT NULL,
                terms_days bigint NOT NULL,
                state text NOT NULL,
                state_at bigint NOT NULL,
                created_at bigint NOT NULL,
                closed_until bigint NOT NULL)
            """,
            """
            CREATE TABLE billing_contract (
                account_id text NOT NULL,
                contract text NOT NULL,
                from_at bigint NOT NULL,
                to_at bigint,
                PRIMARY KEY (account_id, from_at))
            """,
            """
            CREATE TABLE billing_project (
                project_id text NOT NULL,
                from_at bigint NOT NULL,
                to_at bigint,
                account_id text NOT NULL,
                payer_id text NOT NULL,
                cost_centre text,
                PRIMARY KEY (project_id, from_at))
            """,
            "CREATE INDEX billing_project_payer ON billing_project (payer_id)",
            "CREATE UNIQUE INDEX billing_project_open ON billing_project (project_id) WHERE to_at IS NULL",
            """
            CREATE TABLE billing_invoice (
                id text NOT NULL PRIMARY KEY,
                number text NOT NULL UNIQUE,
                entity_id text NOT NULL,
                account_id text NOT NULL,
                kind text NOT NULL,
                corrects text,
                period_from bigint NOT NULL,
                period_to bigint NOT NULL,
                currency text NOT NULL,
                net text NOT NULL,
                tax text NOT NULL,
                total text NOT NULL,
                issued_at bigint NOT NULL,
                due_at bigint NOT NULL,
                parties text NOT NULL)
            """,
            "CREATE UNIQUE INDEX billing_invoice_period ON billing_invoice (account_id, period_from) WHERE kind = 'invoice'",
            "CREATE INDEX billing_invoice_issued ON billing_invoice (issued_at, id)",
            """
            CREATE TABLE billing_line (
                invoice_id text NOT NULL,
                line bigint NOT NULL,
                kind text NOT NULL,
                product text NOT NULL,
                name text NOT NULL,
                from_at bigint NOT NULL,
                to_at bigint NOT NULL,
                unit text NOT NULL,
                quantity text NOT NULL,
                each text NOT NULL,
                list text NOT NULL,
                rated text NOT NULL,
                amount text NOT NULL,
                source text,
                tax_category text,
                tax_percent text,
                PRIMARY KEY (invoice_id, line))
            """,
            """
            CREATE TABLE billing_share (
                invoice_id text NOT NULL,
                line bigint NOT NULL,
                project_id text NOT NULL,
                resource_id text NOT NULL,
                quantity text NOT NULL,
                rated text NOT NULL,
                PRIMARY KEY (invoice_id, line, project_id, resource_id))
            """,
            """
            CREATE TABLE billing_period (
                account_id text NOT NULL,
                from_at bigint NOT NULL,
                to_at bigint NOT NULL,
                invoice_id text,
                closed_at bigint NOT NULL,
                PRIMARY KEY (account_id, from_at))
            """,
            """
            CREATE TABLE billing_entry (
                id text NOT NULL PRIMARY KEY,
                account_id text NOT NULL,
                kind text NOT NULL,
                currency text NOT NULL,
                amount text NOT NULL,
                invoice_id text,
                reference text,
                at bigint NOT NULL)
            """,
            "CREATE INDEX billing_entry_account ON billing_entry (account_id, at)",
            "CREATE UNIQUE INDEX billing_entry_reference ON billing_entry (account_id, reference) WHERE reference IS NOT NULL",
        ]),
        new("billing", 2,
        [
            // What a balance paid of an invoice when it was issued.
            "ALTER TABLE billing_invoice ADD COLUMN prepaid text NOT NULL DEFAULT '0'",

            // Orders, and what was changed of them when; nothing is edited.
            """
            CREATE TABLE billing_order (
                id text NOT NULL PRIMARY KEY,
                account_id text NOT NULL,
                project_id text,
                ordered_at bigint NOT NULL)
            """,
            "CREATE INDEX billing_order_account ON billing_order (account_id)",
            """
            CREATE TABLE billing_change (
                order_id text NOT NULL,
                sequence bigint NOT NULL,
                day text NOT NULL,
                offer text NOT NULL,
                quantity bigint NOT NULL,
                changed_at bigint NOT NULL,
                PRIMARY KEY (order_id, sequence))
            """,
            """
            CREATE TABLE billing_coupon (
                code text NOT NULL PRIMARY KEY,
                currency text,
                amount text,
                percent text,
                products text NOT NULL,
                uses_left bigint NOT NULL,
                from_at bigint NOT NULL,
                to_at bigint NOT NULL)
            """,
            """
            CREATE TABLE billing_redemption (
                id text NOT NULL PRIMARY KEY,
                account_id text NOT NULL,
                code text NOT NULL,
                redeemed_at bigint NOT NULL,
                UNIQUE (account_id, code))
            """,
        ]),
        new("billing", 3,
        [
            """
            CREATE TABLE billing_budget (
                id text NOT NULL PRIMARY KEY,
                account_id text NOT NULL,
                project_id text,
                amount text NOT NULL,
                alerts text NOT NULL,
                hard_stop bigint NOT NULL,
                alerted_from bigint NOT NULL,
                alerted_percent bigint NOT NULL)
            """,
            "CREATE INDEX billing_budget_account ON billing_budget (account_id)",

            // What each hour's settlement came to, for forecasts and for what is out of the ordinary.
            """
            CREATE TABLE billing_settlement (
                account_id text NOT NULL,
                at bigint NOT NULL,
                period_from bigint NOT NULL,
                total text NOT NULL,
                PRIMARY KEY (account_id, at))
            """,
            """
            CREATE TABLE billing_notice (
                id text NOT NULL PRIMARY KEY,
                account_id text NOT NULL,
                kind text NOT NULL,
                message text NOT NULL,
                at bigint NOT NULL)
            """,
            "CREATE INDEX billing_notice_account ON billing_notice (account_id, at)",
        ]),
        new("billing", 4,
        [
            "ALTER TABLE billing_account ADD COLUMN prepaid bigint NOT NULL DEFAULT 0",
            "ALTER TABLE billing_account ADD COLUMN low_balance text NOT NULL DEFAULT ''",
            "ALTER TABLE billing_account ADD COLUMN low_told text",
            "ALTER TABLE billing_account ADD COLUMN release_after_days bigint",
            "ALTER TABLE billing_account ADD COLUMN release_at bigint",
            "ALTER TABLE billing_account ADD COLUMN release_told bigint",

            // Sandboxes: where the clock stands and is wanted, the last invoice number, and usage that is on no ledger.
            "ALTER TABLE billing_account ADD COLUMN clock_at bigint",
            "ALTER TABLE billing_account ADD COLUMN clock_to bigint",
            "ALTER TABLE billing_account ADD COLUMN sandbox_number bigint NOT NULL DEFAULT 0",
            """
            CREATE TABLE billing_sandbox_project (
                project_id text NOT NULL PRIMARY KEY,
                account_id text NOT NULL,
                state text NOT NULL,
                reason text)
            """,
            "CREATE INDEX billing_sandbox_project_account ON billing_sandbox_project (account_id)",
            """
            CREATE TABLE billing_sandbox_span (
                id text NOT NULL PRIMARY KEY,
                meter text NOT NULL,
                resource_id text NOT NULL,
                project_id text NOT NULL,
                quantity bigint NOT NULL,
                unit text NOT NULL,
                attributes text NOT NULL,
                opened_at bigint NOT NULL,
                closed_at bigint,
                planned_to bigint,
                stopped bigint NOT NULL)
            """,
            "CREATE INDEX billing_sandbox_span_project ON billing_sandbox_span (project_id, opened_at)",
            """
            CREATE TABLE billing_sandbox_count (
                project_id text NOT NULL,
                from_at bigint NOT NULL,
                to_at bigint NOT NULL,
                meter text NOT NULL,
                resource_id text NOT NULL,
                quantity bigint NOT NULL,
                unit text NOT NULL,
                PRIMARY KEY (project_id, from_at, meter, resource_id))
            """,
        ]),
        new("billing", 5,
        [
            // Each hour every account looks at its own invoices.
            "CREATE INDEX billing_invoice_account ON billing_invoice (account_id, issued_at, id)",
            "CREATE INDEX billing_invoice_corrects ON billing_invoice (corrects) WHERE corrects IS NOT NULL",
        ]),
        new("billing", 6,
        [
            "CREATE TABLE billing_webhook (account_id text NOT NULL PRIMARY KEY, url text NOT NULL, secret text NOT NULL, created_at bigint NOT NULL)",
            """
            CREATE TABLE billing_delivery (
                id text NOT NULL PRIMARY KEY,
                account_id text NOT NULL,
                notice_id text NOT NULL,
                channel text NOT NULL,
                target text NOT NULL,
                state text NOT NULL,
                attempts bigint NOT NULL,
                next_at bigint NOT NULL,
                created_at bigint NOT NULL,
                error text)
            """,
            "CREATE INDEX billing_delivery_due ON billing_delivery (account_id, state, next_at)",
            "CREATE INDEX billing_delivery_notice ON billing_delivery (notice_id)",

            // What signs the webhooks of payment providers, sealed.
            "CREATE TABLE billing_provider (name text NOT NULL PRIMARY KEY, secret text NOT NULL, created_at bigint NOT NULL)",

            // Words that customers put on their projects and resources, for reports.
            """
            CREATE TABLE billing_tag (
                account_id text NOT NULL,
                thing text NOT NULL,
                tag text NOT NULL,
                value text NOT NULL,
                PRIMARY KEY (account_id, thing, tag))
            """,
        ]),
        new("billing", 7,
        [
            // What a provider tells is looked for in all accounts.
            "CREATE INDEX billing_entry_told ON billing_entry (reference) WHERE reference IS NOT NULL",
        ]),
        new("billing", 8,
        [
            // Fees and packages are due at once and say nothing of the pace that a forecast goes on at.
            "ALTER TABLE billing_settlement ADD COLUMN once text NOT NULL DEFAULT '0'",
        ]),
        new("billing", 9,
        [
            // A contract may be with one project of an account; without one it is with all the others.
            """
            CREATE TABLE billing_agreement (
                account_id text NOT NULL,
                project_id text NOT NULL,
                contract text NOT NULL,
                from_at bigint NOT NULL,
                to_at bigint,
                PRIMARY KEY (account_id, project_id, from_at))
            """,
            "INSERT INTO billing_agreement (account_id, project_id, contract, from_at, to_at) SELECT account_id, '', contract, from_at, to_at FROM billing_contract",
            "DROP TABLE billing_contract",
            "ALTER TABLE billing_agreement RENAME TO billing_contract",
        ]),
    ];
}
