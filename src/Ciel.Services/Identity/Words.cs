using System.Text.RegularExpressions;
using Ciel.Core.Errors;
using Ciel.Core.Http;

namespace Ciel.Services.Identity;

/// <summary>Names and ids as Keystone's schemas want them.</summary>
internal static partial class Words
{
    /// <summary>What Keystone's tables hold of a text.</summary>
    public const int LongestText = 65535;

    /// <summary>A name that must be there and hold more than blanks.</summary>
    public static string Name(this Input input, int max = 255) => input.String("name", 1, max, NotBlank());

    /// <summary>A name; null where it is missing.</summary>
    public static string? OptionalName(this Input input, int max = 255) => input.OptionalString("name", 1, max, NotBlank());

    /// <summary>An id; null where it is missing or null.</summary>
    public static string? OptionalId(this Input input, string field) => input.OptionalString(field, 1, 64, IdWord());

    /// <summary>An id that must be there.</summary>
    public static string Id(this Input input, string field) => input.String(field, 1, 64, IdWord());

    /// <summary>A description; what is missing stays as it was.</summary>
    public static string? Description(this Input input, string? before = null) =>
        input.Has("description") ? input.OptionalString("description", 0, LongestText) : before;

    /// <summary>Refuses to change what cannot change; the same value again is fine.</summary>
    public static void Unchanged(this Input input, string field, string? present)
    {
        if (input.Has(field) && input.OptionalString(field) != present)
        {
            throw Fault.BadRequest($"{field} cannot be changed once it was set.");
        }
    }

    [GeneratedRegex(@"[\S]+")]
    private static partial Regex NotBlank();

    [GeneratedRegex("^[a-zA-Z0-9-]+\\z")]
    private static partial Regex IdWord();
}
