using System.Globalization;
using System.Net;
using System.Text;
using Ciel.Agent.Contract;

namespace Ciel.Agent.Drivers.LinuxNet;

/// <summary>One connection of a guest: reads its requests, has a controller answer them.</summary>
internal sealed class MetadataConnection(Stream stream, string portId, IController controller, TimeProvider time)
{
    private const int MostRequests = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly byte[] buffer = new byte[HttpHead.LongestHead];
    private int filled;

    /// <summary>Serves until either side has had enough.</summary>
    public async Task Serve(CancellationToken cancel)
    {
        for (var count = 0; count < MostRequests; count++)
        {
            using var limit = new CancellationTokenSource(Patience, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
            if (!await One(either.Token))
            {
                return;
            }
        }
    }

    private async Task<bool> One(CancellationToken cancel)
    {
        var end = await ReadHead(cancel);
        if (end < 0)
        {
            if (filled == buffer.Length)
            {
                await Answer(new MetadataAnswer(431, "text/plain", []), "GET", false, cancel);
            }

            return false;
        }

        var (head, refusal) = HttpHead.Parse(buffer.AsSpan(0, end));
        Drop(end + 4);
        if (head is null)
        {
            await Answer(new MetadataAnswer(refusal, "text/plain", []), "GET", false, cancel);
            return false;
        }

        if (await ReadBody(head.Length, cancel) is not { } body)
        {
            return false;
        }

        var answer = await Ask(new MetadataQuestion(portId, head.Method, head.Path, head.Headers, body), cancel);
        await Answer(answer, head.Method, head.KeepAlive, cancel);
        return head.KeepAlive;
    }

    private async Task<MetadataAnswer> Ask(MetadataQuestion question, CancellationToken cancel)
    {
        try
        {
            return await controller.Ask(question, cancel);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"agent: no metadata for port {question.PortId}: {e.Message}");
            return new MetadataAnswer(503, "text/plain", []);
        }
    }

    /// <summary>Reads on until a head is whole; -1 when the guest stopped or the head is too long.</summary>
    private async Task<int> ReadHead(CancellationToken cancel)
    {
        while (true)
        {
            var end = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                return end;
            }

            var read = filled == buffer.Length ? 0 : await stream.ReadAsync(buffer.AsMemory(filled), cancel);
            if (read == 0)
            {
                return -1;
            }

            filled += read;
        }
    }

    private async Task<byte[]?> ReadBody(int length, CancellationToken cancel)
    {
        var body = new byte[length];
        var ready = Math.Min(length, filled);
        buffer.AsSpan(0, ready).CopyTo(body);
        Drop(ready);
        var read = await stream.ReadAtLeastAsync(body.AsMemory(ready), length - ready, throwOnEndOfStream: false, cancel);
        return read == length - ready ? body : null;
    }

    private void Drop(int count)
    {
        buffer.AsSpan(count, filled - count).CopyTo(buffer);
        filled -= count;
    }

    private async Task Answer(MetadataAnswer answer, string method, bool keepAlive, CancellationToken cancel)
    {
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {answer.Status} {(HttpStatusCode)answer.Status}\r\nContent-Type: {answer.ContentType}\r\n"
            + $"Content-Length: {answer.Body.Length}\r\nConnection: {(keepAlive ? "keep-alive" : "close")}\r\n\r\n");
        byte[] whole = [.. Encoding.Latin1.GetBytes(head), .. method == "HEAD" ? [] : answer.Body];
        await stream.WriteAsync(whole, cancel);
    }
}
