using System.Text;
using Ciel.Agent.Contract;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;
using Ciel.Services.Nodes;

namespace Ciel.Services.Compute;

/// <summary>What the guest wrote to its serial console.</summary>
internal sealed class ConsoleAction(Db db, INodes nodes) : IServerActions
{
    private const int Most = 100 * 1024;

    public IReadOnlyDictionary<string, ServerActionHandler> Handlers => new Dictionary<string, ServerActionHandler> { ["os-getConsoleOutput"] = Show };

    private async Task Show(Call call, Input body, string id)
    {
        var input = body.Object("os-getConsoleOutput");
        body.Done();
        var lines = input.OptionalInteger("length", -1);
        input.Done();
        var server = await db.Read(r => ServerStore.Visible(r, call.Actor, id), call.Cancel);
        if (server.Node is not { } node || server.LaunchedAt is null)
        {
            throw Fault.Conflict($"Instance {id} is not ready");
        }

        var text = await Tail(node, id, call.Cancel);
        var output = lines is null or < 0 ? text : Last(text, (int)lines);
        await call.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteString("output", output);
            json.WriteEndObject();
        });
    }

    // The log may be long: only its end is kept in memory.
    private async Task<string> Tail(string node, string id, CancellationToken cancel)
    {
        try
        {
            await using var log = await nodes.Open(node, ObjectName.Machine(id), StreamKinds.Log, cancel);
            var kept = new byte[2 * Most];
            var length = 0;
            while (await log.ReadAsync(kept.AsMemory(length, Math.Min(8192, kept.Length - length)), cancel) is var read and > 0)
            {
                length += read;
                if (length > kept.Length - 8192)
                {
                    kept.AsSpan(length - Most, Most).CopyTo(kept);
                    length = Most;
                }
            }

            var start = Math.Max(0, length - Most);
            return Clean(Encoding.UTF8.GetString(kept, start, length - start));
        }
        catch (Exception e) when (e is NodeUnreachableException or AgentRefusedException or IOException)
        {
            throw new Fault(503, "ServiceUnavailable", "The server's node cannot be reached now. Try again in a moment.");
        }
    }

    private static string Last(string text, int lines)
    {
        var all = text.Split('\n');
        var last = all[^1].Length == 0 ? all[..^1] : all;
        return string.Join('\n', last[Math.Max(0, last.Length - lines)..]);
    }

    // XML's set of characters, as Nova answers it: terminals' control characters do harm in some clients.
    private static string Clean(string text) => new([.. text.Where(c => c is '\t' or '\n' or '\r' || !char.IsControl(c))]);
}
