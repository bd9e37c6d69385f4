using Microsoft.Data.Sqlite;

namespace Ciel.Core.Store;

/// <summary>SQLite's result codes (sqlite.org/rescode.html) in the store's words.</summary>
internal static class SqliteErrors
{
    private const int Busy = 5, Locked = 6, NoMemory = 7, InputOutput = 10, Full = 13, Constraint = 19;
    private const int PrimaryKey = 1555, Unique = 2067;

    public static Exception Translate(Exception e) => e is not SqliteException sqlite ? e : sqlite.SqliteErrorCode switch
    {
        Busy or Locked or NoMemory or InputOutput or Full => new StoreBusyException(e.Message, e),
        Constraint when sqlite.SqliteExtendedErrorCode is PrimaryKey or Unique => new UniqueViolationException(Columns(e.Message), e),
        _ => e,
    };

    // SQLite Error 19: 'UNIQUE constraint failed: t.a, t.b'.
    private static string Columns(string message)
    {
        const string before = "constraint failed: ";
        var start = message.IndexOf(before, StringComparison.Ordinal);
        return start < 0 ? message : message[(start + before.Length)..].TrimEnd('.').TrimEnd('\'');
    }
}
