using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Policy;

namespace Ciel.Services.Network;

/// <summary>How Neutron reads attributes: what is missing keeps its value, and null is refused where the attribute cannot be null.</summary>
internal static class Inputs
{
    public static string Text(this Input input, string name, string current, int max = 255) =>
        input.NotNull(name).OptionalString(name, 0, max) ?? current;

    public static bool Flag(this Input input, string name, bool current) => input.NotNull(name).OptionalBoolean(name) ?? current;

    /// <summary>An attribute that may be null: what is missing keeps its value.</summary>
    public static string? Nullable(this Input input, string name, string? current) =>
        !input.Has(name) ? current : input.OptionalString(name);

    public static string Id(this Input input, string name) => input.NotNull(name).String(name, 0, 255);

    /// <summary>An attribute that only an admin may set.</summary>
    /// <exception cref="Fault">403 where it is there and the actor is none.</exception>
    public static bool HasForAdmin(this Input input, string name, Actor actor, string action)
    {
        if (!input.Has(name))
        {
            return false;
        }

        return actor.IsAdmin || input.IsNull(name) ? true : throw NotAllowed($"{action}:{name}");
    }

    public static Fault NotAllowed(string rule) => Fault.Forbidden($"rule:{rule} is disallowed by policy", "PolicyNotAuthorized");

    /// <summary>Refuses attributes that cannot be changed.</summary>
    public static void ReadOnly(this Input input, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (input.Has(name))
            {
                throw Fault.BadRequest($"Cannot update read-only attribute {name}");
            }
        }
    }

    /// <summary>What every resource has: name and description.</summary>
    public static T Common<T>(this Input input, T row)
        where T : Resource => row with { Name = input.Text("name", row.Name), Description = input.Text("description", row.Description) };

    public static Input NotNull(this Input input, string name) =>
        input.IsNull(name) ? throw input.Refuse(name, "None", $"'None' is not a valid value for '{name}'") : input;
}
