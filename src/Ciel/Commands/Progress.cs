namespace Ciel.Commands;

/// <summary>Shows on the terminal how far a stream has been read.</summary>
internal static class Progress
{
    /// <summary>The same bytes; each further percent is printed on standard error where that is a terminal.</summary>
    public static Stream Show(Stream source, long length) => Console.IsErrorRedirected || length == 0 ? source : new Counted(source, length);

    private sealed class Counted(Stream source, long length) : Stream
    {
        private long _read;
        private long _percent = -1;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position { get => _read; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Count(source.Read(buffer, offset, count));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Count(await source.ReadAsync(buffer, cancellationToken));

        public override void Flush()
        {
            // Nothing is ever written.
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                source.Dispose();
            }

            base.Dispose(disposing);
        }

        private int Count(int read)
        {
            _read += read;
            var percent = _read * 100 / length;
            if (percent != _percent)
            {
                _percent = percent;
                Console.Error.Write($"\r{percent,3} %{(percent == 100 ? "\n" : "")}");
            }

            return read;
        }
    }
}
