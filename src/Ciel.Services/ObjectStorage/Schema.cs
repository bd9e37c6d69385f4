using Ciel.Core.Store;

namespace Ciel.Services.ObjectStorage;

/// <summary>Tables of object storage. Keys sort bytewise, so a listing is a walk along an index.</summary>
internal static class Schema
{
    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new("object", 1,
        [
            // settings: the bucket's documents (policy, lifecycle, …) by kind, as one JSON object, because every request needs several.
            """
            CREATE TABLE object_bucket (
                id text NOT NULL PRIMARY KEY,
                name text NOT NULL,
                project_id text NOT NULL,
                owner_name text NOT NULL,
                versioning text NOT NULL,
                locking bigint NOT NULL,
                settings text NOT NULL,
                created_at bigint NOT NULL)
            """,
            "CREATE UNIQUE INDEX object_bucket_name ON object_bucket (name)",
            "CREATE INDEX object_bucket_project ON object_bucket (project_id, name)",
            // rank sorts a key's versions, newest first.
            """
            CREATE TABLE object_version (
                bucket_id text NOT NULL,
                object_key text NOT NULL,
                rank bigint NOT NULL,
                version_id text NOT NULL,
                latest bigint NOT NULL,
                marker bigint NOT NULL,
                size bigint NOT NULL,
                etag text NOT NULL,
                content text NOT NULL,
                inline bytea,
                info text NOT NULL,
                acl text NOT NULL,
                tags text NOT NULL,
                retain_mode text,
                retain_until bigint,
                legal_hold bigint NOT NULL,
                owner_id text NOT NULL,
                owner_name text NOT NULL,
                created_at bigint NOT NULL,
                PRIMARY KEY (bucket_id, object_key, rank))
            """,
            "CREATE UNIQUE INDEX object_version_latest ON object_version (bucket_id, object_key) WHERE latest = 1",
            "CREATE UNIQUE INDEX object_version_id ON object_version (bucket_id, object_key, version_id)",
            """
            CREATE TABLE object_upload (
                id text NOT NULL PRIMARY KEY,
                bucket_id text NOT NULL,
                object_key text NOT NULL,
                info text NOT NULL,
                acl text NOT NULL,
                tags text NOT NULL,
                retain_mode text,
                retain_until bigint,
                legal_hold bigint NOT NULL,
                owner_id text NOT NULL,
                owner_name text NOT NULL,
                created_at bigint NOT NULL)
            """,
            "CREATE INDEX object_upload_key ON object_upload (bucket_id, object_key, id)",
            """
            CREATE TABLE object_part (
                upload_id text NOT NULL,
                number bigint NOT NULL,
                size bigint NOT NULL,
                etag text NOT NULL,
                checksum text,
                content text NOT NULL,
                created_at bigint NOT NULL,
                PRIMARY KEY (upload_id, number))
            """,
            "CREATE TABLE object_blob (id text NOT NULL PRIMARY KEY, bucket_id text NOT NULL)",
            // Several rows for each bucket, so that writers of one bucket rarely wait for one another.
            "CREATE TABLE object_usage (bucket_id text NOT NULL, shard bigint NOT NULL, objects bigint NOT NULL, bytes bigint NOT NULL, PRIMARY KEY (bucket_id, shard))",
        ]),
        new("object", 2,
        [
            // document: what is known of a user, role, group, policy or provider, as JSON, because it is read whole.
            """
            CREATE TABLE object_iam (
                id text NOT NULL PRIMARY KEY,
                project_id text NOT NULL,
                kind text NOT NULL,
                name text NOT NULL,
                name_key text NOT NULL,
                document text NOT NULL,
                created_at bigint NOT NULL)
            """,
            "CREATE UNIQUE INDEX object_iam_name ON object_iam (project_id, kind, name_key)",
            """
            CREATE TABLE object_iam_key (
                access text NOT NULL PRIMARY KEY,
                project_id text NOT NULL,
                user_id text NOT NULL,
                secret text NOT NULL,
                active bigint NOT NULL,
                created_at bigint NOT NULL)
            """,
            "CREATE INDEX object_iam_key_user ON object_iam_key (user_id)",
        ]),
        new("object", 3,
        [
            """
            CREATE TABLE object_topic (
                id text NOT NULL PRIMARY KEY,
                project_id text NOT NULL,
                name text NOT NULL,
                user_id text NOT NULL,
                attributes text NOT NULL,
                delivered bigint NOT NULL,
                failed bigint NOT NULL,
                last_error text,
                last_error_at bigint,
                created_at bigint NOT NULL)
            """,
            "CREATE UNIQUE INDEX object_topic_name ON object_topic (project_id, name)",
            // What is still to be said to a topic's endpoint, written with the object's own commit; dead ones were given up.
            """
            CREATE TABLE object_event (
                id text NOT NULL PRIMARY KEY,
                topic_id text NOT NULL,
                bucket_id text NOT NULL,
                object_key text NOT NULL,
                sequence bigint NOT NULL,
                record text NOT NULL,
                attempts bigint NOT NULL,
                next_at bigint NOT NULL,
                dead bigint NOT NULL,
                error text,
                created_at bigint NOT NULL)
            """,
            "CREATE INDEX object_event_key ON object_event (topic_id, dead, bucket_id, object_key, sequence)",
            "CREATE INDEX object_event_order ON object_event (topic_id, dead, sequence)",
        ]),
        new("object", 4,
        [
            // Parts of unfinished uploads count from now on: those that are there must be subtracted when their uploads end.
            """
            INSERT INTO object_usage (bucket_id, shard, objects, bytes)
            SELECT u.bucket_id, 0, 0, CAST(SUM(p.size) AS bigint) FROM object_upload u JOIN object_part p ON p.upload_id = u.id WHERE 1 = 1 GROUP BY u.bucket_id
            ON CONFLICT (bucket_id, shard) DO UPDATE SET bytes = object_usage.bytes + excluded.bytes
            """,
        ]),
        new("object", 5,
        [
            "CREATE TABLE object_account (project_id text NOT NULL PRIMARY KEY, meta text NOT NULL)",
            "CREATE TABLE object_expiry (delete_at bigint NOT NULL, bucket_id text NOT NULL, object_key text NOT NULL, PRIMARY KEY (delete_at, bucket_id, object_key))",
        ]),
        new("object", 6,
        [
            // Lines of access logs that wait for their log object: each row some lines of one bucket and one day.
            """
            CREATE TABLE object_log (
                id text NOT NULL PRIMARY KEY,
                bucket_id text NOT NULL,
                day bigint NOT NULL,
                lines text NOT NULL,
                created_at bigint NOT NULL)
            """,
            "CREATE INDEX object_log_bucket ON object_log (bucket_id, day, id)",
        ]),
        new("object", 7,
        [
            // Other S3s that a project's buckets may be replicated to.
            """
            CREATE TABLE object_target (
                id text NOT NULL PRIMARY KEY,
                project_id text NOT NULL,
                name text NOT NULL,
                endpoint text NOT NULL,
                region text NOT NULL,
                access text NOT NULL,
                secret text NOT NULL,
                created_at bigint NOT NULL)
            """,
            "CREATE UNIQUE INDEX object_target_name ON object_target (project_id, name)",
        ]),
        new("object", 8,
        [
            // What changed since the bucket's spans were written last: how many bytes, the sum of each change times its instant, and the first instant.
            "ALTER TABLE object_usage ADD COLUMN moved bigint NOT NULL DEFAULT 0",
            "ALTER TABLE object_usage ADD COLUMN moment_high bigint NOT NULL DEFAULT 0",
            "ALTER TABLE object_usage ADD COLUMN moment_low bigint NOT NULL DEFAULT 0",
            "ALTER TABLE object_usage ADD COLUMN moved_at bigint",
        ]),
    ];
}
