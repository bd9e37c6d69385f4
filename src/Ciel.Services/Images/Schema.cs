using Ciel.Core.Store;
using Ciel.Services.Images.Metadefs;

namespace Ciel.Services.Images;

/// <summary>Tables of images.</summary>
internal static class Schema
{
    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new("image", 1,
        [
            // The columns of the bytes are set from staging or activation on; upload_id while bytes are coming in.
            """
            CREATE TABLE image_image (
                id text NOT NULL PRIMARY KEY,
                name text,
                owner text NOT NULL,
                status text NOT NULL,
                visibility text NOT NULL,
                disk_format text,
                container_format text,
                min_disk bigint NOT NULL,
                min_ram bigint NOT NULL,
                protected bigint NOT NULL,
                hidden bigint NOT NULL,
                size bigint,
                virtual_size bigint,
                md5 text,
                sha512 text,
                blob_id text,
                upload_id text,
                upload_until bigint,
                created_at bigint NOT NULL,
                updated_at bigint NOT NULL)
            """,
            "CREATE INDEX image_image_owner ON image_image (owner)",
            "CREATE INDEX image_image_created ON image_image (created_at, id)",
            "CREATE INDEX image_image_blob ON image_image (blob_id)",
            "CREATE TABLE image_property (image_id text NOT NULL, name text NOT NULL, value text NOT NULL, PRIMARY KEY (image_id, name))",
            "CREATE INDEX image_property_name ON image_property (name, image_id)",
            "CREATE TABLE image_tag (image_id text NOT NULL, tag text NOT NULL, PRIMARY KEY (image_id, tag))",
            "CREATE INDEX image_tag_tag ON image_tag (tag, image_id)",
            """
            CREATE TABLE image_member (
                image_id text NOT NULL,
                project_id text NOT NULL,
                status text NOT NULL,
                created_at bigint NOT NULL,
                updated_at bigint NOT NULL,
                PRIMARY KEY (image_id, project_id))
            """,
            "CREATE INDEX image_member_project ON image_member (project_id, image_id)",
            """
            CREATE TABLE image_task (
                id text NOT NULL PRIMARY KEY,
                image_id text NOT NULL,
                owner text NOT NULL,
                user_id text NOT NULL,
                request_id text NOT NULL,
                status text NOT NULL,
                input text NOT NULL,
                message text NOT NULL,
                created_at bigint NOT NULL,
                updated_at bigint NOT NULL,
                expires_at bigint NOT NULL)
            """,
            "CREATE INDEX image_task_image ON image_task (image_id)",
            "CREATE INDEX image_task_expires ON image_task (expires_at)",
            "CREATE TABLE image_secret (name text NOT NULL PRIMARY KEY, sealed text NOT NULL)",
        ]),
        MetadefSchema.First,
    ];
}
