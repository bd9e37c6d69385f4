using System.Buffers.Binary;
using System.Text;

namespace Ciel.Core.Ledger;

/// <summary>
/// Counts since the last fold, in memory, and how they lie in a file: a head, then a slot for each project and resource. A slot never crosses a
/// disk's sector, so that a power cut shows it as it was at some moment or not at all.
/// </summary>
internal sealed class CounterSheet(string source, long sequence, IReadOnlyList<UsageMeter> meters)
{
    public const int HeadSize = 1024;
    public const int SlotSize = 512;
    private const int KeyAt = 136;
    private const int CountsAt = 8;
    private const long Magic = 0x31544E554F43_4C43;
    private readonly Dictionary<(string Project, string Resource), (int Slot, long[] Counts)> _rows = [];

    public string Source => source;

    public long Sequence => sequence;

    public bool IsEmpty => _rows.Count == 0;

    /// <summary>Counts.</summary>
    /// <returns>The row's place in a file.</returns>
    public int Add(string project, string resource, ReadOnlySpan<long> amounts)
    {
        if (!_rows.TryGetValue((project, resource), out var row))
        {
            _rows[(project, resource)] = row = (_rows.Count, new long[meters.Count]);
        }

        for (var i = 0; i < amounts.Length; i++)
        {
            row.Counts[i] += amounts[i];
        }

        return row.Slot;
    }

    /// <summary>What is not zero.</summary>
    public IReadOnlyList<UsageCount> Counts => [.. _rows.SelectMany(row => row.Value.Counts
        .Select((quantity, i) => new UsageCount { ProjectId = row.Key.Project, ResourceId = row.Key.Resource, Meter = meters[i].Name, Unit = meters[i].Unit, Quantity = quantity }))
        .Where(c => c.Quantity > 0)];

    /// <summary>The head, which names the meters, so that a later release reads what an earlier one counted.</summary>
    public byte[] Head()
    {
        var head = new byte[HeadSize];
        var text = Encoding.UTF8.GetBytes(string.Join('\n', [source, .. meters.Select(m => m.Name + "\t" + m.Unit)]));
        BinaryPrimitives.WriteInt64LittleEndian(head, Magic);
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(8), sequence);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(16), text.Length);
        text.CopyTo(head, 20);
        return head;
    }

    /// <summary>A row's slot.</summary>
    public byte[] Slot(string project, string resource)
    {
        var slot = new byte[SlotSize];
        var key = Encoding.UTF8.GetBytes(project + "\n" + resource);
        BinaryPrimitives.WriteInt32LittleEndian(slot, key.Length);
        key.CopyTo(slot, KeyAt);
        var counts = _rows[(project, resource)].Counts;
        for (var i = 0; i < counts.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(slot.AsSpan(CountsAt + (8 * i)), counts[i]);
        }

        return slot;
    }

    /// <summary>Reads what a process left behind; null where not even the head is whole, which a power cut does.</summary>
    public static CounterSheet? Parse(ReadOnlySpan<byte> file)
    {
        if (file.Length < HeadSize || BinaryPrimitives.ReadInt64LittleEndian(file) != Magic || Text(file[16..HeadSize], 4) is not { } head)
        {
            return null;
        }

        var lines = head.Split('\n');
        var meters = lines.Skip(1).Select(l => l.Split('\t')).Select(l => new UsageMeter(l[0], l[1])).ToList();
        var sheet = new CounterSheet(lines[0], BinaryPrimitives.ReadInt64LittleEndian(file[8..]), meters);
        for (var at = HeadSize; at + SlotSize <= file.Length; at += SlotSize)
        {
            var slot = file.Slice(at, SlotSize);
            if (Text(slot, KeyAt) is not { } key || key.Split('\n') is not [var project, var resource])
            {
                continue;
            }

            var counts = new long[meters.Count];
            for (var i = 0; i < counts.Length; i++)
            {
                counts[i] = BinaryPrimitives.ReadInt64LittleEndian(slot[(CountsAt + (8 * i))..]);
            }

            sheet.Add(project, resource, counts);
        }

        return sheet;
    }

    // The length stands first; a power cut may have left none or nonsense.
    private static string? Text(ReadOnlySpan<byte> part, int at) => BinaryPrimitives.ReadInt32LittleEndian(part) is var length && length > 0 && length <= part.Length - at
        ? Encoding.UTF8.GetString(part.Slice(at, length))
        : null;
}
