namespace Ciel.Services.Images.Schemas;

/// <summary>The JSON schemas of members and tasks.</summary>
internal static class OtherSchemas
{
    public const string Member =
        """
        {
          "name": "member",
          "properties": {
            "image_id": {"type": "string", "description": "The shared image"},
            "member_id": {"type": "string", "description": "The project with which it is shared"},
            "status": {"type": "string", "description": "What that project answered", "enum": ["pending", "accepted", "rejected"]},
            "created_at": {"type": "string", "readOnly": true, "description": "When it was shared"},
            "updated_at": {"type": "string", "readOnly": true, "description": "When the answer last changed"},
            "schema": {"type": "string", "readOnly": true}
          }
        }
        """;

    public const string Task =
        """
        {
          "name": "task",
          "properties": {
            "id": {"type": "string", "readOnly": true, "description": "The task's UUID"},
            "type": {"type": "string", "description": "What it does", "enum": ["import", "api_image_import"]},
            "status": {"type": "string", "readOnly": true, "description": "Where it stands", "enum": ["pending", "processing", "success", "failure"]},
            "input": {"type": ["null", "object"], "description": "What was asked for"},
            "result": {"type": ["null", "object"], "readOnly": true, "description": "What came of it"},
            "owner": {"type": "string", "description": "The project that asked"},
            "message": {"type": "string", "readOnly": true, "description": "What people should know of it"},
            "image_id": {"type": ["null", "string"], "readOnly": true, "description": "The image that it is about"},
            "request_id": {"type": ["null", "string"], "readOnly": true, "description": "The request that asked"},
            "user_id": {"type": ["null", "string"], "readOnly": true, "description": "The user who asked"},
            "expires_at": {"type": ["null", "string"], "readOnly": true, "description": "When it is forgotten"},
            "created_at": {"type": "string", "readOnly": true, "description": "When it was asked for"},
            "updated_at": {"type": "string", "readOnly": true, "description": "When it last changed"},
            "self": {"type": "string", "readOnly": true},
            "schema": {"type": "string", "readOnly": true}
          }
        }
        """;
}
