using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Signing;

namespace Ciel.Services.ObjectStorage.Body;

/// <summary>
/// Takes AWS's own chunk framing off a body: <c>SIZE;chunk-signature=…CRLF bytes CRLF</c>, an empty chunk, then trailing headers. Every
/// chunk's signature is checked at its end, before its last byte counts as read.
/// </summary>
internal sealed class AwsChunkedStream(Stream inner, PayloadSeal seal, IDictionary<string, string> trailers) : ReadOnlyStream
{
    private const int LongestLine = 8 * 1024;
    private const long LargestChunk = 1L << 30;
    private const int LongestTrailers = 16 * 1024;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly IncrementalHash? _hash = seal.Signer is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private int _from;
    private int _to;
    private long _left;
    private string _signature = "";
    private bool _inChunk;
    private bool _ended;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_ended || buffer.Length == 0)
        {
            return 0;
        }

        if (_left == 0 && !await NextChunk(cancellationToken))
        {
            return 0;
        }

        await Need(cancellationToken);
        var take = (int)Math.Min(Math.Min(buffer.Length, _to - _from), _left);
        var piece = _buffer.AsSpan(_from, take);
        piece.CopyTo(buffer.Span);
        _hash?.AppendData(piece);
        _from += take;
        _left -= take;
        if (_left == 0)
        {
            CheckChunk();
        }

        return take;
    }

    protected override void Dispose(bool disposing)
    {
        _hash?.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask<bool> NextChunk(CancellationToken cancel)
    {
        if (_inChunk && (await Line(cancel)).Length > 0)
        {
            throw Incomplete();
        }

        var parts = (await Line(cancel)).Split(';');
        if (!long.TryParse(parts[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _left) || _left is < 0 or > LargestChunk)
        {
            throw Incomplete();
        }

        _signature = parts.Skip(1).Select(p => p.Split('=', 2)).FirstOrDefault(p => p is ["chunk-signature", _])?[1] ?? "";
        _inChunk = true;
        if (_left > 0)
        {
            return true;
        }

        CheckChunk();
        await Trailers(cancel);
        _ended = true;
        return false;
    }

    private void CheckChunk()
    {
        if (seal.Signer is { } signer && !signer.Chunk(_signature, _hash!.GetHashAndReset()))
        {
            throw Mismatch();
        }
    }

    private async ValueTask Trailers(CancellationToken cancel)
    {
        var canonical = new StringBuilder();
        var signature = "";
        while (await Line(cancel, mayEnd: true) is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var (name, value) = colon > 0 ? (line[..colon].Trim().ToLowerInvariant(), line[(colon + 1)..].Trim()) : throw Incomplete();
            if (name == "x-amz-trailer-signature")
            {
                signature = value;
            }
            else
            {
                trailers[name] = value;
                canonical.Append(name).Append(':').Append(value).Append('\n');
                _ = canonical.Length <= LongestTrailers ? true : throw Incomplete();
            }
        }

        if (seal is { Trailer: true, Signer: { } signer } && !signer.Trailer(signature, canonical.ToString()))
        {
            throw Mismatch();
        }
    }

    private async ValueTask<string> Line(CancellationToken cancel, bool mayEnd = false)
    {
        var line = new StringBuilder();
        while (line.Length < LongestLine)
        {
            if (_from == _to && mayEnd && line.Length == 0 && !await Fill(cancel))
            {
                return "";
            }

            await Need(cancel);
            var c = (char)_buffer[_from++];
            if (c == '\n')
            {
                return line.ToString();
            }

            if (c != '\r')
            {
                line.Append(c);
            }
        }

        throw Incomplete();
    }

    private async ValueTask Need(CancellationToken cancel)
    {
        if (_from == _to && !await Fill(cancel))
        {
            throw Incomplete();
        }
    }

    private async ValueTask<bool> Fill(CancellationToken cancel)
    {
        (_from, _to) = (0, await inner.ReadAsync(_buffer, cancel));
        return _to > 0;
    }

    private static S3Fault Incomplete() => new(400, "IncompleteBody", "The chunks of the request body are malformed or were cut off.");

    private static S3Fault Mismatch() => new(403, "SignatureDoesNotMatch", "The signature of a chunk does not match. Check your key and signing method.");
}
