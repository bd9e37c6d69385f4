using Ciel.Services.ObjectStorage.Body;

namespace Ciel.Services.ObjectStorage.Objects;

/// <summary>Streams one after the other, each opened when its turn comes.</summary>
internal sealed class Joined(IEnumerable<Func<Stream>> streams) : ReadOnlyStream
{
    private readonly IEnumerator<Func<Stream>> _next = streams.GetEnumerator();
    private Stream? _current;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (buffer.Length > 0)
        {
            if (_current is null)
            {
                if (!_next.MoveNext())
                {
                    return 0;
                }

                _current = _next.Current();
            }

            if (await _current.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            {
                return read;
            }

            await _current.DisposeAsync();
            _current = null;
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        _current?.Dispose();
        _next.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>What was read already, and then the rest.</summary>
internal sealed class Prefixed(ReadOnlyMemory<byte> head, Stream rest) : ReadOnlyStream
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
