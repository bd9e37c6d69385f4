namespace Ciel.Services.ObjectStorage.Body;

/// <summary>What was read already, and then the rest.</summary>
internal sealed class PrefixedStream(ReadOnlyMemory<byte> head, Stream rest) : ReadOnlyStream
{
    private ReadOnlyMemory<byte> _head = head;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_head.IsEmpty)
        {
            return rest.ReadAsync(buffer, cancellationToken);
        }

        var take = Math.Min(_head.Length, buffer.Length);
        _head[..take].CopyTo(buffer);
        _head = _head[take..];
        return ValueTask.FromResult(take);
    }
}
