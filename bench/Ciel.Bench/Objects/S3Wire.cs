using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Ciel.Bench.Objects;

/// <summary>Whose requests: an endpoint and an access key.</summary>
internal sealed record S3Account(IPEndPoint Door, string Access, string Secret)
{
    private const string Region = "us-east-1";
    private (string Day, byte[] Key) _signing = ("", []);

    /// <summary>The head of a signed request (SigV4, unsigned payload); unsigned where the account has no key.</summary>
    public byte[] Head(string method, string path, string query, long length)
    {
        var head = new StringBuilder($"{method} {path}{(query.Length > 0 ? "?" : "")}{query} HTTP/1.1\r\nHost: {Door}\r\n");
        if (Access.Length > 0)
        {
            var stamp = DateTime.UtcNow.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
            var scope = $"{stamp[..8]}/{Region}/s3/aws4_request";
            const string names = "host;x-amz-content-sha256;x-amz-date";
            var canonical = $"{method}\n{path}\n{query}\nhost:{Door}\nx-amz-content-sha256:UNSIGNED-PAYLOAD\nx-amz-date:{stamp}\n\n{names}\nUNSIGNED-PAYLOAD";
            var toSign = $"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
            head.Append($"x-amz-content-sha256: UNSIGNED-PAYLOAD\r\nx-amz-date: {stamp}\r\nAuthorization: AWS4-HMAC-SHA256 Credential={Access}/{scope}, SignedHeaders={names}, ");
            head.Append($"Signature={Hex(HMACSHA256.HashData(Key(stamp[..8]), Encoding.UTF8.GetBytes(toSign)))}\r\n");
        }

        return Encoding.ASCII.GetBytes(head.Append($"Content-Length: {length}\r\n\r\n").ToString());
    }

    private byte[] Key(string day)
    {
        if (_signing.Day != day)
        {
            var key = Encoding.UTF8.GetBytes("AWS4" + Secret);
            foreach (var part in (string[])[day, Region, "s3", "aws4_request"]) key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
            _signing = (day, key);
        }

        return _signing.Key;
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}

/// <summary>One connection that asks again and again. Bare sockets, because the client shares the cores with the server that is measured.</summary>
internal sealed class S3Wire : IDisposable
{
    private readonly S3Account _account;
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[256 * 1024];

    public S3Wire(S3Account account)
    {
        _account = account;
        _socket.Connect(account.Door);
    }

    /// <summary>Asks, and reads the answer's body to its end.</summary>
    /// <returns>How many bytes the body had.</returns>
    /// <exception cref="InvalidOperationException">The answer is an error.</exception>
    public async Task<long> Ask(string method, string path, string query = "", ReadOnlyMemory<byte> body = default)
    {
        await _socket.SendAsync(_account.Head(method, path, query, body.Length));
        for (var rest = body; rest.Length > 0; rest = rest[Math.Min(rest.Length, 1 << 20)..]) await _socket.SendAsync(rest[..Math.Min(rest.Length, 1 << 20)]);
        var (have, end) = (0, -1);
        while (end < 0)
        {
            var read = await _socket.ReceiveAsync(_buffer.AsMemory(have));
            if (read == 0) throw new InvalidOperationException("The server closed the connection.");
            have += read;
            end = _buffer.AsSpan(0, have).IndexOf("\r\n\r\n"u8);
        }

        var (status, length) = Parse(_buffer.AsSpan(0, end), method);
        long got = have - end - 4;
        if (status >= 300) throw new InvalidOperationException(Encoding.UTF8.GetString(_buffer, 0, have));
        while (got < length && await _socket.ReceiveAsync(_buffer) is > 0 and var more) got += more;
        return got == length ? got : throw new InvalidOperationException($"{got} bytes came of {length}.");
    }

    public void Dispose() => _socket.Dispose();

    private static (int Status, long Length) Parse(ReadOnlySpan<byte> head, string method)
    {
        var status = (int)Number(head[9..]);
        var at = head.IndexOf("\r\nContent-Length: "u8);
        if (at < 0 && method != "HEAD" && status != 204) throw new InvalidOperationException("The answer says no length.");
        return (status, at < 0 || method == "HEAD" ? 0 : Number(head[(at + 18)..]));
    }

    private static long Number(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text, out long number, out _) ? number : throw new InvalidOperationException($"{Encoding.ASCII.GetString(text)} is no number.");
}
