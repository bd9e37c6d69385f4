using System.Data.Common;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Ciel.Core.Store;

/// <summary>
/// Turns rows into <typeparamref name="T"/>: a single value, a tuple (by position), or an object whose constructor parameters and
/// settable properties bear the columns' names (<c>project_id</c> is ProjectId). What the type asks for decides how a column is
/// read, never what the driver thinks that the column is, so that both databases answer alike. Columns without a home are passed over.
/// </summary>
internal static class Rows<T>
{
    private static readonly Memo<(string Sql, int Columns), Holder> BySql = new(4096, _ => new Holder());
    private static readonly Memo<string, Func<DbDataReader, T>> ByColumns = new(1024, names => Compile(names.Split('\n')));

    private sealed class Holder
    {
        public Func<DbDataReader, T>? Read { get; set; }
    }

    public static Func<DbDataReader, T> Reader(string sql, DbDataReader reader)
    {
        var holder = BySql[(sql, reader.FieldCount)];
        return holder.Read ??= ByColumns[string.Join('\n', Enumerable.Range(0, reader.FieldCount).Select(reader.GetName))];
    }

    private static Func<DbDataReader, T> Compile(string[] columns)
    {
        var reader = Expression.Parameter(typeof(DbDataReader));
        return Expression.Lambda<Func<DbDataReader, T>>(Body(reader, columns), reader).Compile();
    }

    private static Expression Body(Expression reader, string[] columns)
    {
        if (Columns.CanRead(typeof(T))) return Columns.Read(reader, 0, typeof(T));

        var constructor = typeof(T).GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
            .Where(c => c.GetParameters() is not [var only] || only.ParameterType != typeof(T))
            .MaxBy(c => c.GetParameters().Length);
        var parameters = constructor?.GetParameters() ?? [];
        if (typeof(ITuple).IsAssignableFrom(typeof(T)))
        {
            return Expression.New(constructor!, parameters.Select((p, i) => Columns.Read(reader, i, p.ParameterType)));
        }

        var created = constructor is null
            ? Expression.New(typeof(T))
            : Expression.New(constructor, parameters.Select(p => Argument(reader, columns, p)));
        var properties = typeof(T).GetProperties(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
            .Where(p => p.SetMethod is not null && IndexOf(columns, p.Name) >= 0 && parameters.All(a => !Same(a.Name, p.Name)));
        return Expression.MemberInit(
            created,
            properties.Select(p => Expression.Bind(p, Columns.Read(reader, IndexOf(columns, p.Name), p.PropertyType))));
    }

    private static Expression Argument(Expression reader, string[] columns, ParameterInfo parameter)
    {
        var index = IndexOf(columns, parameter.Name);
        if (index >= 0) return Columns.Read(reader, index, parameter.ParameterType);
        return parameter.HasDefaultValue
            ? Expression.Constant(parameter.DefaultValue, parameter.ParameterType)
            : throw new InvalidOperationException($"{typeof(T)} wants {parameter.Name}, the row has {string.Join(", ", columns)}");
    }

    private static int IndexOf(string[] columns, string? name) => Array.FindIndex(columns, c => Same(c.Replace("_", "", StringComparison.Ordinal), name));

    private static bool Same(string? a, string? b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
