using System.Globalization;
using Parquet;
using Parquet.Schema;

namespace Ciel.Services.Billing.Focus;

/// <summary>FOCUS rows as Parquet: strings, DECIMAL(38, 20) and timestamps, one row group for each invoice.</summary>
internal sealed class FocusParquet<T>(Stream to, IReadOnlyList<FocusColumn<T>> columns) : IFocusWriter<T>
{
    private readonly DataField[] _fields = [.. columns.Select(Field)];
    private readonly PendingStream _pending = new();
    private ParquetWriter? _writer;

    public async Task Begin(CancellationToken cancel) => _writer = await ParquetWriter.CreateAsync(new ParquetSchema(_fields), _pending, cancellationToken: cancel);

    public async Task Write(IReadOnlyList<T> rows, CancellationToken cancel)
    {
        using (var group = _writer!.CreateRowGroup())
        {
            await Write(group, rows, cancel);
        }

        await _pending.DrainTo(to, cancel);
    }

    public async Task End(CancellationToken cancel)
    {
        await _writer!.DisposeAsync();
        await _pending.DrainTo(to, cancel);
    }

    public ValueTask DisposeAsync() => _pending.DisposeAsync();

    private async Task Write(ParquetRowGroupWriter group, IReadOnlyList<T> rows, CancellationToken cancel)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            var of = columns[i].Of;
            switch (columns[i].Kind)
            {
                case FocusType.Text:
                    await group.WriteAsync(_fields[i], [.. rows.Select(r => (string)of(r)!)]);
                    break;
                case FocusType.Number:
                    await group.WriteAsync<decimal>(_fields[i], rows.Select(r => of(r) is string text ? decimal.Parse(text, CultureInfo.InvariantCulture) : (decimal?)null).ToArray(), cancellationToken: cancel);
                    break;
                default:
                    await group.WriteAsync<DateTime>(_fields[i], rows.Select(r => (DateTime?)DateTime.UnixEpoch.AddMicroseconds((long)of(r)!)).ToArray(), cancellationToken: cancel);
                    break;
            }
        }

        group.CompleteValidate();
    }

    private static DataField Field(FocusColumn<T> column) => column.Kind switch
    {
        FocusType.Text => new DataField<string>(column.Name),
        FocusType.Number => new DecimalDataField(column.Name, 38, 20, isNullable: true),
        _ => new DateTimeDataField(column.Name, DateTimeFormat.DateAndTimeMicros, isAdjustedToUTC: true, isNullable: true),
    };
}
