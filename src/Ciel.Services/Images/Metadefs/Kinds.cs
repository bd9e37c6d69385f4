namespace Ciel.Services.Images.Metadefs;

/// <summary>The kinds of definitions and what each may say.</summary>
internal static class Kinds
{
    public const string Objects = "objects";
    public const string Properties = "properties";
    public const string ResourceTypes = "resource_types";
    public const string Tags = "tags";

    public static readonly IReadOnlyList<string> All = [ResourceTypes, Properties, Objects, Tags];

    /// <summary>What a property's definition may say: JSON schema's words and Glance's own.</summary>
    public static readonly IReadOnlyList<string> SchemaWords =
    [
        "title", "description", "type", "operators", "readonly", "minimum", "maximum", "minLength", "maxLength", "pattern", "minItems", "maxItems",
        "uniqueItems", "additionalItems", "default", "items", "enum", "required",
    ];

    /// <summary>The resource types that OpenStack's services know; an association may name others.</summary>
    public static readonly IReadOnlyList<string> WellKnown =
        ["OS::Cinder::Volume", "OS::Glance::Image", "OS::Nova::Aggregate", "OS::Nova::Flavor", "OS::Nova::Server"];

    public static IReadOnlyList<string> Fields(string kind) => kind switch
    {
        Objects => ["description", "required", "properties"],
        Properties => SchemaWords,
        ResourceTypes => ["prefix", "properties_target"],
        _ => [],
    };
}
