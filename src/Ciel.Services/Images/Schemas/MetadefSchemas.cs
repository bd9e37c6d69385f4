namespace Ciel.Services.Images.Schemas;

/// <summary>The JSON schemas of metadata definitions.</summary>
internal static class MetadefSchemas
{
    private const string Times =
        """
        "created_at": {"type": "string", "readOnly": true, "format": "date-time", "description": "When it was made"},
            "updated_at": {"type": "string", "readOnly": true, "format": "date-time", "description": "When it last changed"}
        """;

    public const string Property =
        """
        {
          "name": "property",
          "required": ["name", "title", "type"],
          "properties": {
            "name": {"type": "string", "maxLength": 80},
            "title": {"type": "string", "description": "What people call it"},
            "type": {"type": "string", "enum": ["array", "boolean", "integer", "number", "object", "string", null]},
            "description": {"type": "string"},
            "operators": {"type": "array", "items": {"type": "string"}},
            "readonly": {"type": "boolean"},
            "minimum": {"type": "number"},
            "maximum": {"type": "number"},
            "minLength": {"type": "integer", "minimum": 0},
            "maxLength": {"type": "integer", "minimum": 0},
            "pattern": {"type": "string", "format": "regex"},
            "enum": {"type": "array"},
            "default": {},
            "items": {"type": "object"},
            "minItems": {"type": "integer", "minimum": 0},
            "maxItems": {"type": "integer", "minimum": 0},
            "uniqueItems": {"type": "boolean"},
            "additionalItems": {"type": "boolean"}
          }
        }
        """;

    public const string Object =
        $$$"""
        {
          "name": "object",
          "required": ["name"],
          "properties": {
            "name": {"type": "string", "maxLength": 80},
            "description": {"type": "string"},
            "required": {"type": "array", "items": {"type": "string"}, "description": "Properties that must be given"},
            "properties": {"type": "object", "description": "Definitions of properties by name"},
            "self": {"type": "string", "readOnly": true},
            "schema": {"type": "string", "readOnly": true},
            {{{Times}}}
          }
        }
        """;

    public const string ResourceType =
        $$$"""
        {
          "name": "resource_type_association",
          "required": ["name"],
          "additionalProperties": false,
          "properties": {
            "name": {"type": "string", "maxLength": 80, "description": "A type of resource, such as OS::Nova::Flavor"},
            "prefix": {"type": "string", "maxLength": 80, "description": "Put before the names of properties there"},
            "properties_target": {"type": "string", "maxLength": 80, "description": "Which of the resource's metadata they describe"},
            {{{Times}}}
          }
        }
        """;

    public const string Tag =
        $$$"""
        {
          "name": "tag",
          "required": ["name"],
          "properties": {
            "name": {"type": "string", "maxLength": 80},
            {{{Times}}}
          }
        }
        """;

    public const string Namespace =
        $$$"""
        {
          "name": "namespace",
          "required": ["namespace"],
          "properties": {
            "namespace": {"type": "string", "maxLength": 80, "description": "Unique text"},
            "display_name": {"type": "string", "maxLength": 80, "description": "What people call it"},
            "description": {"type": "string", "maxLength": 500},
            "visibility": {"type": "string", "enum": ["public", "private"], "description": "Who may read it"},
            "protected": {"type": "boolean", "description": "Whether it refuses to be deleted"},
            "owner": {"type": "string", "maxLength": 255, "description": "The project that owns it"},
            "self": {"type": "string", "readOnly": true},
            "schema": {"type": "string", "readOnly": true},
            "resource_type_associations": {"type": "array", "items": {"type": "object"}},
            "properties": {"type": "object"},
            "objects": {"type": "array", "items": {"type": "object"}},
            "tags": {"type": "array", "items": {"type": "object"}},
            {{{Times}}}
          }
        }
        """;
}
