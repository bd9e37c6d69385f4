namespace Ciel.Services.Images.Schemas;

/// <summary>The JSON schema of one image, with our own properties beside those that clients set freely.</summary>
internal static class ImageSchema
{
    public const string Text =
        """
        {
          "name": "image",
          "properties": {
            "id": {"type": "string", "description": "The image's UUID; may be chosen by its creator", "pattern": "^([0-9a-fA-F]){8}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){12}$"},
            "name": {"type": ["null", "string"], "description": "What people call it; need not be unique", "maxLength": 255},
            "status": {"type": "string", "readOnly": true, "description": "Where the image stands", "enum": ["queued", "saving", "active", "killed", "deleted", "uploading", "importing", "pending_delete", "deactivated"]},
            "visibility": {"type": "string", "description": "Who may use the image", "enum": ["community", "public", "private", "shared"]},
            "protected": {"type": "boolean", "description": "Whether the image refuses to be deleted"},
            "os_hidden": {"type": "boolean", "description": "Whether lists leave the image out unless asked for it"},
            "checksum": {"type": ["null", "string"], "readOnly": true, "description": "MD5 of the data, in hex", "maxLength": 32},
            "os_hash_algo": {"type": ["null", "string"], "readOnly": true, "description": "How os_hash_value was computed", "maxLength": 64},
            "os_hash_value": {"type": ["null", "string"], "readOnly": true, "description": "Hash of the data, in hex", "maxLength": 128},
            "owner": {"type": ["null", "string"], "description": "The project that owns the image", "maxLength": 255},
            "size": {"type": ["null", "integer"], "readOnly": true, "description": "Bytes of the data"},
            "virtual_size": {"type": ["null", "integer"], "readOnly": true, "description": "Bytes of the disk inside the data"},
            "container_format": {"type": ["null", "string"], "description": "What the disk is wrapped in; bare for nothing", "enum": [null, "ami", "ari", "aki", "bare", "ovf", "ova", "docker", "compressed"]},
            "disk_format": {"type": ["null", "string"], "description": "What the disk is; machines boot from qcow2 and raw", "enum": [null, "ami", "ari", "aki", "vhd", "vhdx", "vmdk", "raw", "qcow2", "vdi", "iso", "ploop"]},
            "created_at": {"type": "string", "readOnly": true, "description": "When the image was made"},
            "updated_at": {"type": "string", "readOnly": true, "description": "When the image last changed"},
            "tags": {"type": "array", "description": "Words to find the image by", "items": {"type": "string", "maxLength": 255}},
            "min_ram": {"type": "integer", "description": "MiB of memory that a machine needs at least"},
            "min_disk": {"type": "integer", "description": "GiB of disk that a machine needs at least"},
            "self": {"type": "string", "readOnly": true, "description": "The image's path"},
            "file": {"type": "string", "readOnly": true, "description": "The path of the data"},
            "stores": {"type": "string", "readOnly": true, "description": "Where the data is kept"},
            "schema": {"type": "string", "readOnly": true, "description": "The path of this schema"},
            "kernel_id": {"type": ["null", "string"], "is_base": false, "description": "The image to boot as kernel", "pattern": "^([0-9a-fA-F]){8}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){12}$"},
            "ramdisk_id": {"type": ["null", "string"], "is_base": false, "description": "The image to boot as initial ramdisk", "pattern": "^([0-9a-fA-F]){8}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){12}$"},
            "instance_uuid": {"type": "string", "is_base": false, "description": "The server that the image was made from"},
            "architecture": {"type": "string", "is_base": false, "description": "The processor that the system inside needs"},
            "os_distro": {"type": "string", "is_base": false, "description": "The distribution inside"},
            "os_version": {"type": "string", "is_base": false, "description": "The version of the distribution"},
            "description": {"type": "string", "is_base": false, "description": "What the image is for"}
          },
          "additionalProperties": {"type": "string"},
          "links": [
            {"rel": "self", "href": "{self}"},
            {"rel": "enclosure", "href": "{file}"},
            {"rel": "describedby", "href": "{schema}"}
          ]
        }
        """;
}
