using System.Text.Json;

namespace Ciel.Services.Identity.Credentials;

/// <summary>A row of identity_credential. The blob is sealed; of EC2 keys the access key stands beside it, to be found by.</summary>
internal sealed record CredentialRow
{
    public const string Ec2 = "ec2";

    public required string Id { get; init; }

    public required string UserId { get; init; }

    public string? ProjectId { get; init; }

    public required string Type { get; init; }

    public required string Blob { get; init; }

    public string? Access { get; init; }

    public string Extra { get; init; } = "{}";
}

/// <summary>The JSON of credentials, whose blobs are open by then.</summary>
internal static class CredentialWire
{
    public static readonly View<CredentialRow> Credential = new("credential", "credentials", "credentials", c => c.Id, Fields);

    private static void Fields(Utf8JsonWriter json, CredentialRow credential)
    {
        json.WriteString("id", credential.Id);
        json.WriteString("user_id", credential.UserId);
        json.WriteString("project_id", credential.ProjectId);
        json.WriteString("type", credential.Type);
        json.WriteString("blob", credential.Blob);
        Extra.Write(json, credential.Extra);
    }
}
