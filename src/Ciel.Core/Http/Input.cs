using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Ciel.Core.Errors;

namespace Ciel.Core.Http;

/// <summary>
/// One JSON object of a request, read field by field: each reader checks type and limits, and <see cref="Done"/> refuses what
/// nobody read. The messages follow the service's own wording.
/// </summary>
public sealed class Input
{
    private readonly JsonElement _object;
    private readonly string _path;
    private readonly ServiceDoor _door;
    private readonly HashSet<string> _read = [];

    /// <summary>Reads an object that is part of a body, or was made of one.</summary>
    /// <param name="value">An object.</param>
    /// <param name="path">Where it lies in the body, for messages; empty for the body itself.</param>
    /// <param name="door">Gives the messages' wording.</param>
    public Input(JsonElement value, string path, ServiceDoor door) => (_object, _path, _door) = (value, path, door);

    /// <summary>The object as it came.</summary>
    public JsonElement Json => _object;

    /// <summary>The names of all fields.</summary>
    public IEnumerable<string> Names => _object.EnumerateObject().Select(p => p.Name);

    /// <summary>The names of the fields that nobody read yet, for APIs that keep what they do not know.</summary>
    public IEnumerable<string> Unread => Names.Where(n => !_read.Contains(n));

    /// <summary>Whether the field is there, also as null.</summary>
    public bool Has(string name) => _object.TryGetProperty(name, out _);

    /// <summary>Whether the field is there as null. Counts as read.</summary>
    public bool IsNull(string name) => Field(name) is { ValueKind: JsonValueKind.Null };

    /// <summary>The field as it came; null where it is missing. Counts as read.</summary>
    public JsonElement? Raw(string name) => Field(name);

    /// <summary>A string that must be there.</summary>
    public string String(string name, int min = 1, int max = 255, Regex? pattern = null) =>
        OptionalString(name, min, max, pattern) ?? throw Missing(name);

    /// <summary>A string; null where it is missing or null.</summary>
    public string? OptionalString(string name, int min = 0, int max = 255, Regex? pattern = null)
    {
        if (Present(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            throw Refuse(name, Show(value), $"{Show(value, quoted: true)} is not of type 'string'");
        }

        var text = value.GetString()!;
        if (text.Length < min)
        {
            throw Refuse(name, text, $"'{text}' is too short");
        }

        if (text.Length > max)
        {
            throw Refuse(name, text, $"'{text}' is too long");
        }

        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw Refuse(name, "", "it contains a NUL character");
        }

        return pattern?.IsMatch(text) == false ? throw Refuse(name, text, $"'{text}' does not match '{pattern}'") : text;
    }

    /// <summary>One of some words; null where it is missing or null.</summary>
    public string? OptionalChoice(string name, params IReadOnlyList<string> choices)
    {
        var text = OptionalString(name);
        return text is null || choices.Contains(text)
            ? text
            : throw Refuse(name, text, $"'{text}' is not one of [{string.Join(", ", choices.Select(c => $"'{c}'"))}]");
    }

    /// <summary>A whole number that must be there.</summary>
    public long Integer(string name, long min = 0, long max = int.MaxValue) => OptionalInteger(name, min, max) ?? throw Missing(name);

    /// <summary>A whole number; null where it is missing or null.</summary>
    public long? OptionalInteger(string name, long min = 0, long max = int.MaxValue)
    {
        if (Present(name) is not { } value)
        {
            return null;
        }

        var number = 0L;
        var whole = value.ValueKind == JsonValueKind.Number
            ? value.TryGetInt64(out number)
            : _door.Lenient && value.ValueKind == JsonValueKind.String
                && long.TryParse(value.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
        if (!whole)
        {
            throw Refuse(name, Show(value), $"{Show(value, quoted: true)} is not of type 'integer'");
        }

        return number < min ? throw Refuse(name, Show(value), $"{number} is less than the minimum of {min}")
            : number > max ? throw Refuse(name, Show(value), $"{number} is greater than the maximum of {max}")
            : number;
    }

    /// <summary>A truth value; null where it is missing or null.</summary>
    public bool? OptionalBoolean(string name)
    {
        if (Present(name) is not { } value)
        {
            return null;
        }

        return value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.String when _door.Lenient => Words(value.GetString()!) ?? throw NotBoolean(name, value),
            JsonValueKind.Number when _door.Lenient && value.TryGetInt32(out var n) && n is 0 or 1 => value.GetInt32() == 1,
            _ => throw NotBoolean(name, value),
        };
    }

    /// <summary>An object that must be there.</summary>
    public Input Object(string name) => OptionalObject(name) ?? throw Missing(name);

    /// <summary>An object; null where it is missing or null.</summary>
    public Input? OptionalObject(string name) => Present(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Object ? new Input(value, _path.Length == 0 ? name : _path + "." + name, _door)
        : throw Refuse(name, Show(value), $"{Show(value, quoted: true)} is not of type 'object'");

    /// <summary>A list of objects; null where it is missing or null.</summary>
    public IReadOnlyList<Input>? OptionalObjects(string name)
    {
        if (List(name) is not { } list)
        {
            return null;
        }

        return [.. list.EnumerateArray().Select((e, i) => e.ValueKind == JsonValueKind.Object
            ? new Input(e, $"{(_path.Length == 0 ? "" : _path + ".")}{name}.{i}", _door)
            : throw Refuse(name, Show(e), $"{Show(e, quoted: true)} is not of type 'object'"))];
    }

    /// <summary>A list of strings; null where it is missing or null.</summary>
    public IReadOnlyList<string>? OptionalStrings(string name, int maxItems = 1000, int maxLength = 255)
    {
        if (List(name) is not { } list)
        {
            return null;
        }

        if (list.GetArrayLength() > maxItems)
        {
            throw Refuse(name, Show(list), $"it has more than {maxItems} items");
        }

        return [.. list.EnumerateArray().Select(e => e.ValueKind == JsonValueKind.String && e.GetString()!.Length <= maxLength
            ? e.GetString()!
            : throw Refuse(name, Show(e), $"{Show(e, quoted: true)} is not a string of at most {maxLength} characters"))];
    }

    /// <summary>A flat object of strings; null where it is missing or null.</summary>
    public IReadOnlyDictionary<string, string>? OptionalMap(string name, int maxKey = 255, int maxValue = 255)
    {
        if (OptionalObject(name) is not { } map)
        {
            return null;
        }

        var result = new Dictionary<string, string>();
        foreach (var key in map.Names)
        {
            if (key.Length == 0 || key.Length > maxKey)
            {
                throw Refuse(name, key, $"the key '{key}' must have 1 to {maxKey} characters");
            }

            result[key] = map.OptionalString(key, 0, maxValue) ?? throw map.Refuse(key, "None", "None is not of type 'string'");
        }

        return result;
    }

    /// <summary>Refuses fields that nobody read.</summary>
    public void Done()
    {
        var unknown = Unread.ToArray();
        if (unknown.Length > 0)
        {
            throw Refuse(unknown[0], "", unknown.Length == 1
                ? $"Additional properties are not allowed ('{unknown[0]}' was unexpected)"
                : $"Additional properties are not allowed ({string.Join(", ", unknown.Select(u => $"'{u}'"))} were unexpected)");
        }
    }

    /// <summary>The fault for a field, in the service's own words.</summary>
    public Fault Refuse(string name, string value, string problem) => Fault.BadRequest(_door.InputWords is { } words
        ? words(_path.Length == 0 ? name : _path + "." + name, value, problem)
        : $"Invalid input for field/attribute {name}. Value: {value}. {problem}");

    private Fault Missing(string name) => Refuse(_path.Length == 0 ? name : _path[(_path.LastIndexOf('.') + 1)..], Show(_object), $"'{name}' is a required property");

    private Fault NotBoolean(string name, JsonElement value) => Refuse(name, Show(value), $"{Show(value, quoted: true)} is not of type 'boolean'");

    private JsonElement? Field(string name)
    {
        _read.Add(name);
        return _object.TryGetProperty(name, out var value) ? value : null;
    }

    private JsonElement? Present(string name) => Field(name) is { ValueKind: not JsonValueKind.Null } value ? value : null;

    private JsonElement? List(string name) => Present(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Array ? value
        : throw Refuse(name, Show(value), $"{Show(value, quoted: true)} is not of type 'array'");

    private static bool? Words(string text) => text.ToLowerInvariant() switch
    {
        "true" or "1" or "on" or "yes" => true,
        "false" or "0" or "off" or "no" => false,
        _ => null,
    };

    private static string Show(JsonElement value, bool quoted = false)
    {
        var text = value.ValueKind switch
        {
            JsonValueKind.Null => "None",
            JsonValueKind.True => "True",
            JsonValueKind.False => "False",
            JsonValueKind.String => quoted ? $"'{value.GetString()}'" : value.GetString()!,
            _ => value.GetRawText(),
        };
        return text.Length <= 256 ? text : text[..256] + "…";
    }
}
