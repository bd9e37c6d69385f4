using System.Text;
using Ciel.Services.Billing.Calendar;

namespace Ciel.Services.Billing.Focus;

/// <summary>FOCUS rows as CSV (RFC 4180), UTF-8; null is an empty field.</summary>
internal sealed class FocusCsv<T>(Stream to, IReadOnlyList<FocusColumn<T>> columns) : IFocusWriter<T>
{
    public Task Begin(CancellationToken cancel) => Write(columns.Select(c => c.Name), cancel);

    public async Task Write(IReadOnlyList<T> rows, CancellationToken cancel)
    {
        foreach (var row in rows)
        {
            await Write(columns.Select(c => c.Of(row) switch { null => "", long time => Instant.Text(time), var value => Quoted((string)value) }), cancel);
        }
    }

    public Task End(CancellationToken cancel) => to.FlushAsync(cancel);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task Write(IEnumerable<string> fields, CancellationToken cancel) => await to.WriteAsync(Encoding.UTF8.GetBytes(string.Join(',', fields) + "\r\n"), cancel);

    private static string Quoted(string value) => value.AsSpan().IndexOfAny(",\"\r\n") < 0 ? value : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

/// <summary>Writes rows to a file as they come.</summary>
internal interface IFocusWriter<in T> : IAsyncDisposable
{
    /// <summary>What stands before all rows.</summary>
    Task Begin(CancellationToken cancel);

    /// <summary>Some rows.</summary>
    Task Write(IReadOnlyList<T> rows, CancellationToken cancel);

    /// <summary>What stands behind all rows.</summary>
    Task End(CancellationToken cancel);
}
