using System.Data.Common;
using System.Linq.Expressions;
using System.Reflection;

namespace Ciel.Core.Store;

/// <summary>Reads one column as the type that is asked for.</summary>
internal static class Columns
{
    private static readonly Dictionary<Type, MethodInfo> Getters =
        new Delegate[] { Int64, Int32, Bool, Text, Bytes, Real }.ToDictionary(d => d.Method.ReturnType, d => d.Method);

    public static bool CanRead(Type type) => Getters.ContainsKey(Nullable.GetUnderlyingType(type) ?? type);

    /// <summary>The expression that reads it: NULL gives null, or throws where the type cannot be null.</summary>
    public static Expression Read(Expression reader, int column, Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (!Getters.TryGetValue(plain, out var getter)) throw new InvalidOperationException($"no column is read as {type}");
        var index = Expression.Constant(column);
        var value = Expression.Call(getter, reader, index);
        if (type.IsValueType && plain == type) return value;
        return Expression.Condition(
            Expression.Call(reader, nameof(DbDataReader.IsDBNull), null, index),
            Expression.Default(type),
            Expression.Convert(value, type));
    }

    private static long Int64(DbDataReader reader, int column) => reader.GetInt64(column);

    private static int Int32(DbDataReader reader, int column) => checked((int)Int64(reader, column));

    // PostgreSQL's EXISTS and comparisons are boolean, stored truth is bigint on both.
    private static bool Bool(DbDataReader reader, int column) =>
        reader.GetFieldType(column) == typeof(bool) ? reader.GetBoolean(column) : Int64(reader, column) != 0;

    private static string Text(DbDataReader reader, int column) => reader.GetString(column);

    private static byte[] Bytes(DbDataReader reader, int column) => reader.GetFieldValue<byte[]>(column);

    private static double Real(DbDataReader reader, int column) => reader.GetDouble(column);
}
