namespace Ciel.Services.ObjectStorage.Body;

/// <summary>Streams one after the other, each opened when its turn comes.</summary>
internal sealed class JoinedStream(IEnumerable<Func<Stream>> streams) : ReadOnlyStream
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
