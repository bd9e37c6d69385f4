using System.Globalization;
using System.Text.Json;
using Ciel.Services.Nodes;

namespace Ciel.Services.Network;

/// <summary>A node as the API's agents show it: it serves DHCP for the networks whose ports it has.</summary>
internal static class AgentView
{
    public static void Write(Utf8JsonWriter json, NodeInfo node, IReadOnlyCollection<string> only)
    {
        json.WriteStartObject();
        Text("id", node.Id);
        Text("agent_type", "DHCP agent");
        Text("binary", "ciel");
        Text("topic", "dhcp_agent");
        Text("host", node.Facts.Name);
        Text("availability_zone", NetworkView.Zone);
        Flag("admin_state_up", true);
        Flag("alive", node.Up);
        Text("created_at", Time(node.CreatedAt));
        Text("started_at", Time(node.CreatedAt));
        Text("heartbeat_timestamp", Time(node.SeenAt));
        Text("description", null);
        if (Wanted("configurations"))
        {
            json.WriteStartObject("configurations");
            json.WriteString("version", node.Facts.Version);
            json.WriteEndObject();
        }

        json.WriteEndObject();

        bool Wanted(string name) => only.Count == 0 || only.Contains(name);

        void Text(string name, string? value)
        {
            if (Wanted(name))
            {
                json.WriteString(name, value);
            }
        }

        void Flag(string name, bool value)
        {
            if (Wanted(name))
            {
                json.WriteBoolean(name, value);
            }
        }
    }

    private static string Time(long micros) =>
        DateTimeOffset.UnixEpoch.AddMicroseconds(micros).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
