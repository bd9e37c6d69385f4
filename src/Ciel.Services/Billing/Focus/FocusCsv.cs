using System.Buffers;
using System.Text;
using Ciel.Services.Billing.Calendar;

namespace Ciel.Services.Billing.Focus;

/// <summary>
/// FOCUS rows as CSV (RFC 4180), UTF-8; null is an empty field. A spreadsheet takes a text that begins with one of <c>= + - @</c>, a tab or a line end for a
/// formula, and names are a tenant's own: an apostrophe before it makes it text. FOCUS wants case and spacing kept, and they are; Parquet has the bare text.
/// </summary>
internal sealed class FocusCsv<T>(Stream to, IReadOnlyList<FocusColumn<T>> columns) : IFocusWriter<T>
{
    // The full-width forms of the four are among them: some programs read those as formulas too.
    private const string Formula = "=+-@\t\r\n＝＋－＠";

    // Semicolons and tabs too: where a spreadsheet parts fields there, a formula could stand behind one.
    private static readonly SearchValues<char> Parting = SearchValues.Create(",;\t\"\r\n");

    public Task Begin(CancellationToken cancel) => Write(columns.Select(c => c.Name), cancel);

    public async Task Write(IReadOnlyList<T> rows, CancellationToken cancel)
    {
        foreach (var row in rows)
        {
            await Write(columns.Select(c => c.Of(row) switch { null => "", long time => Instant.Text(time), var value => c.Kind == FocusType.Text ? Text((string)value) : (string)value }), cancel);
        }
    }

    public Task End(CancellationToken cancel) => to.FlushAsync(cancel);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task Write(IEnumerable<string> fields, CancellationToken cancel) => await to.WriteAsync(Encoding.UTF8.GetBytes(string.Join(',', fields) + "\r\n"), cancel);

    private static string Text(string value) => Quoted(value.Length > 0 && Formula.Contains(value[0]) ? "'" + value : value);

    private static string Quoted(string value) => value.AsSpan().IndexOfAny(Parting) < 0 ? value : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
