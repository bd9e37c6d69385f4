using System.Collections.Frozen;
using System.Reflection;

namespace Ciel.Core.Store;

/// <summary>Takes the values of a statement's parameters from an object's properties or from a dictionary.</summary>
internal static class Args
{
    private static readonly Memo<Type, FrozenDictionary<string, PropertyInfo>> Properties = new(4096, type => type
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(p => p.GetIndexParameters().Length == 0)
        .ToFrozenDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase));

    /// <summary>The value as one of long, double, string, byte[], long[], string[] or null, and the type that a null would have had.</summary>
    /// <exception cref="ArgumentException">There is no such value, or it has no form that both databases share.</exception>
    public static (object? Value, Type Type) Get(object? args, SqlText.Parameter parameter)
    {
        var (value, type) = Find(args, parameter.Name);
        var neutral = value is null ? null : Neutral(value, parameter.Name);
        return neutral is Array and not byte[] == parameter.IsList
            ? (neutral, Nullable.GetUnderlyingType(type) ?? type)
            : throw new ArgumentException($"@{parameter.Name}: a list goes behind IN, and only a list", nameof(args));
    }

    private static (object? Value, Type Type) Find(object? args, string name)
    {
        if (args is IReadOnlyDictionary<string, object?> values && values.TryGetValue(name, out var found))
        {
            return (found, found?.GetType() ?? typeof(object));
        }

        return args is not null && Properties[args.GetType()].TryGetValue(name, out var property)
            ? (property.GetValue(args), property.PropertyType)
            : throw new ArgumentException($"@{name} has no value", nameof(args));
    }

    private static object Neutral(object value, string name) => value switch
    {
        // PostgreSQL cannot hold a NUL in text; refuse it on both alike.
        string text => text.Contains('\0') ? throw new ArgumentException($"@{name} holds a NUL character") : text,
        long or double or byte[] => value,
        bool yes => yes ? 1L : 0L,
        int or uint or short or ushort or byte => Convert.ToInt64(value),
        IEnumerable<string> texts => texts.ToArray(),
        IEnumerable<long> numbers => numbers.ToArray(),
        IEnumerable<int> numbers => numbers.Select(n => (long)n).ToArray(),
        _ => throw new ArgumentException($"@{name}: {value.GetType()} has no form that both databases share"),
    };
}
