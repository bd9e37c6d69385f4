using System.Text.Json;
using System.Text.Json.Nodes;
using Ciel.Core.Errors;

namespace Ciel.Services.Identity.Credentials;

/// <summary>The blob of an EC2 key: JSON with the access key and the secret.</summary>
internal sealed record Ec2Blob(string Access, string Secret, string? TrustId)
{
    public string Text => new JsonObject { ["access"] = Access, ["secret"] = Secret, ["trust_id"] = TrustId }.ToJsonString();

    /// <summary>Reads a blob that a client made.</summary>
    /// <exception cref="Fault">400 where it is no such JSON.</exception>
    public static Ec2Blob Parse(string blob)
    {
        try
        {
            using var document = JsonDocument.Parse(blob);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && Text(root, "access") is { Length: > 0 } access && Text(root, "secret") is { } secret)
            {
                return new Ec2Blob(access, secret, Text(root, "trust_id"));
            }
        }
        catch (JsonException)
        {
            throw Fault.BadRequest("Invalid blob in credential: it is not JSON.");
        }

        throw Fault.BadRequest("Invalid blob in credential: it needs access and secret.");

        static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }
}
