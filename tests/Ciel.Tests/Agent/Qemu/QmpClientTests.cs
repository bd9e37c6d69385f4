using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Ciel.Agent.Drivers.Qemu;
using Ciel.Agent.Host;

namespace Ciel.Tests.Agent.Qemu;

public sealed class QmpClientTests : IDisposable
{
    private const string Greeting = """{"QMP": {"version": {}, "capabilities": []}}""" + "\r\n";
    private readonly string directory = Directory.CreateTempSubdirectory("ciel-qmp-").FullName;
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly List<string> events = [];

    public QmpClientTests()
    {
        listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(directory, "qmp")));
        listener.Listen();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answers_find_their_commands_between_events_and_torn_lines()
    {
        await using var server = Serve(async (line, write) =>
        {
            var id = line["id"]!.GetValue<long>();
            var answer = $$$"""{"event": "STOP", "data": {}}{{{"\n"}}}{"return": {"echo": {{{id}}}}, "id": {{{id}}}}{{{"\r\n"}}}""";
            foreach (var piece in answer.Chunk(7))
            {
                await write(new string(piece));
            }
        });
        await using var client = await Connect();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.Execute("x", null, Cancel)));
        answers.Select(answer => answer.GetProperty("echo").GetInt64()).ShouldBe(Enumerable.Range(2, 20).Select(id => (long)id));
        events.Count.ShouldBe(21);
    }

    [Fact]
    public async Task A_refusal_carries_qemus_words()
    {
        await using var server = Serve((line, write) => line["execute"]!.GetValue<string>() == "qmp_capabilities"
            ? write($$$"""{"return": {}, "id": {{{line["id"]}}}}{{{"\n"}}}""")
            : write($$$"""{"error": {"class": "GenericError", "desc": "no such device"}, "id": {{{line["id"]}}}}{{{"\n"}}}"""));
        await using var client = await Connect();
        (await Should.ThrowAsync<QmpException>(() => client.Execute("x", new JsonObject { ["a"] = "\"\n" }, Cancel))).Message.ShouldContain("no such device");
    }

    [Theory]
    [InlineData("gone")]
    [InlineData("garbage")]
    [InlineData("endless")]
    [InlineData("array")]
    public async Task A_hostile_or_dying_end_ends_the_wait(string how)
    {
        await using var server = Serve(async (line, write) =>
        {
            if (line["execute"]!.GetValue<string>() == "qmp_capabilities")
            {
                await write($$$"""{"return": {}, "id": {{{line["id"]}}}}{{{"\n"}}}""");
                return;
            }

            await (how switch
            {
                "garbage" => write("}{\n"),
                "array" => write("[1]\n"),
                "endless" => write(new string('a', 3 << 20)),
                _ => throw new IOException("gone"),
            });
        });
        await using var client = await Connect();
        await Should.ThrowAsync<QmpException>(() => client.Execute("x", null, Cancel));
        await client.Closed;
        await Should.ThrowAsync<QmpException>(() => client.Execute("x", null, Cancel));
    }

    [Fact]
    public async Task A_socket_of_another_user_is_not_spoken_to()
    {
        await using var server = Serve((_, _) => Task.CompletedTask);
        await Should.ThrowAsync<IOException>(() => UnixSockets.Connect(directory, "qmp", Uid() + 1, Cancel));
    }

    [Fact]
    public async Task A_path_longer_than_a_sockets_address_is_reached()
    {
        var deep = Path.Combine(directory, new string('d', 200));
        Directory.CreateSymbolicLink(deep, directory);
        using var socket = await UnixSockets.Connect(deep, "qmp", Uid(), Cancel);
        socket.Connected.ShouldBeTrue();
    }

    public void Dispose()
    {
        listener.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    private static int Uid() => int.Parse(
        File.ReadAllLines("/proc/self/status").First(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1],
        System.Globalization.CultureInfo.InvariantCulture);

    private Task<QmpClient> Connect() =>
        QmpClient.Connect(directory, "qmp", Uid(), TimeProvider.System, (name, _) => events.Add(name), Cancel);

    /// <summary>Answers each command of one connection as told, until that throws.</summary>
    private AsyncEnd Serve(Func<JsonNode, Func<string, Task>, Task> answer) => new(Converse(answer));

    private async Task Converse(Func<JsonNode, Func<string, Task>, Task> answer)
    {
        try
        {
            await using var stream = new NetworkStream(await listener.AcceptAsync(Cancel), ownsSocket: true);
            Task Write(string text) => stream.WriteAsync(Encoding.UTF8.GetBytes(text), Cancel).AsTask();
            await Write(Greeting);
            using var reader = new StreamReader(stream);
            while (await reader.ReadLineAsync(Cancel) is { } line)
            {
                await answer(JsonNode.Parse(line)!, Write);
            }
        }
        catch (IOException)
        {
            // The test's way to die, or the client's.
        }
    }

    private sealed class AsyncEnd(Task work) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => new(work.IsCompleted ? work : Task.CompletedTask);
    }
}
