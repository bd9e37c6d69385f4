using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ciel.Agent.Host;

namespace Ciel.Agent.Drivers.Qemu;

/// <summary>
/// Speaks QMP with one QEMU: commands with their answers, and events as they come. The other end is taken to be hostile, so what
/// it sends is bounded.
/// </summary>
internal sealed class QmpClient : IAsyncDisposable
{
    private const int LongestLine = 1 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Stream stream;
    private readonly Socket? socket;
    private readonly TimeProvider time;
    private readonly Action<string, JsonElement> onEvent;
    private readonly ConcurrentDictionary<long, TaskCompletionSource<JsonElement>> asked = new();
    private readonly SemaphoreSlim writing = new(1, 1);
    private long lastId;
    private string ended = "the connection is closed";

    /// <summary>Takes a connected stream; <paramref name="onEvent"/> hears each event's name and data.</summary>
    public QmpClient(Stream stream, TimeProvider time, Action<string, JsonElement> onEvent)
    {
        (this.stream, this.time, this.onEvent) = (stream, time, onEvent);
        socket = (stream as NetworkStream)?.Socket;
        Closed = Background.Start(Read);
    }

    /// <summary>Ends when the connection does.</summary>
    public Task Closed { get; }

    /// <summary>Connects to a QEMU that runs as the user given, and readies it for commands.</summary>
    public static async Task<QmpClient> Connect(
        string directory, string socket, int uid, TimeProvider time, Action<string, JsonElement> onEvent, CancellationToken cancel)
    {
        var connection = await UnixSockets.Connect(directory, socket, uid, cancel);
        var client = new QmpClient(new NetworkStream(connection, ownsSocket: true), time, onEvent);
        try
        {
            await client.Execute("qmp_capabilities", null, cancel);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <summary>Carries out a command and answers what it returns.</summary>
    /// <param name="command">QMP's name of it.</param>
    /// <param name="arguments">Its arguments; null for none.</param>
    /// <param name="cancel">Gives up the wait.</param>
    /// <param name="fd">A descriptor that goes with it (<c>getfd</c>); the caller closes its own.</param>
    /// <exception cref="QmpException">QEMU refused it, or the connection ended before the answer.</exception>
    public async Task<JsonElement> Execute(string command, JsonObject? arguments, CancellationToken cancel, int? fd = null)
    {
        var id = Interlocked.Increment(ref lastId);
        var answer = asked[id] = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        var message = new JsonObject { ["execute"] = command, ["id"] = id };
        if (arguments is not null)
        {
            message["arguments"] = arguments;
        }

        try
        {
            await Write(message.ToJsonString() + "\n", fd, cancel);
            if (Closed.IsCompleted)
            {
                throw new QmpException(ended);
            }

            return await answer.Task.WaitAsync(Patience, time, cancel);
        }
        catch (Exception e) when (e is IOException or TimeoutException or ObjectDisposedException)
        {
            throw new QmpException($"{command}: {e.Message}");
        }
        finally
        {
            asked.TryRemove(id, out _);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        await Closed;
        writing.Dispose();
    }

    private async Task Write(string line, int? fd, CancellationToken cancel)
    {
        await writing.WaitAsync(cancel);
        try
        {
            if (fd is { } descriptor)
            {
                // It goes with a space, which means nothing in JSON; QEMU keeps it for the command that follows.
                FdPassing.Send(socket!, descriptor, (byte)' ');
            }

            await stream.WriteAsync(Encoding.UTF8.GetBytes(line), cancel);
        }
        finally
        {
            writing.Release();
        }
    }

    private async Task Read()
    {
        var reader = PipeReader.Create(stream);
        try
        {
            while (await NextLine(reader) is { } line)
            {
                Take(line);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // QEMU or we ended it; whoever waits for an answer is told below.
            ended = e.Message;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or InvalidDataException)
        {
            ended = e.Message;
            await Console.Error.WriteLineAsync($"qmp: QEMU does not keep to the protocol: {e.Message}");
        }
        finally
        {
            await stream.DisposeAsync();
            foreach (var waiting in asked.Values)
            {
                waiting.TrySetException(new QmpException(ended));
            }
        }
    }

    private static async Task<JsonElement?> NextLine(PipeReader reader)
    {
        while (true)
        {
            var read = await reader.ReadAsync();
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                using var document = JsonDocument.Parse(read.Buffer.Slice(0, end));
                var line = document.RootElement.Clone();
                reader.AdvanceTo(read.Buffer.GetPosition(1, end));
                return line;
            }

            if (read.IsCompleted)
            {
                return null;
            }

            if (read.Buffer.Length > LongestLine)
            {
                throw new InvalidDataException($"a line of more than {LongestLine} bytes");
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private void Take(JsonElement line)
    {
        if (line.TryGetProperty("event", out var name))
        {
            onEvent(name.GetString() ?? "", line.TryGetProperty("data", out var data) ? data : default);
        }
        else if (line.TryGetProperty("id", out var id) && asked.TryGetValue(id.GetInt64(), out var waiting))
        {
            if (line.TryGetProperty("return", out var value))
            {
                waiting.TrySetResult(value);
            }
            else
            {
                waiting.TrySetException(new QmpException(line.TryGetProperty("error", out var error) ? error.ToString() : line.ToString()));
            }
        }
    }
}

/// <summary>QEMU refused a command, or could not be asked.</summary>
internal sealed class QmpException(string message) : Exception(message);
