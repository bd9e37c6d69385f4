using System.Text.Json.Nodes;

namespace Ciel.Services.Billing.Focus;

/// <summary>JSON in FOCUS' columns. Numbers in it are exact, as they are in the other columns.</summary>
internal static class FocusJson
{
    /// <summary>An object with one text.</summary>
    public static string Of(string key, string value) => new JsonObject { [key] = value }.ToJsonString();

    /// <summary>ContractApplied: by 1.4's schema an element has a cost or a quantity with its unit, never both. An order is a contract of its own.</summary>
    public static string? Applied(Commitment? commitment)
    {
        if (commitment?.Quantity is not { } quantity)
        {
            return null;
        }

        var element = new JsonObject { ["ContractId"] = commitment.Id, ["ContractCommitmentId"] = commitment.Id };
        if (commitment.Category == "Spend")
        {
            element["ContractCommitmentAppliedCost"] = Number(quantity);
        }
        else
        {
            element["ContractCommitmentAppliedQuantity"] = Number(quantity);
            element["ContractCommitmentAppliedUnit"] = commitment.Unit;
        }

        return new JsonObject { ["Elements"] = new JsonArray(element) }.ToJsonString();
    }

    /// <summary>CommitmentProgramEligibilityDetails; null for no program.</summary>
    public static string? Programs(IReadOnlyList<string> types) => types.Count == 0 ? null
        : new JsonObject { ["CommitmentPrograms"] = new JsonArray([.. types.Select(t => (JsonNode)new JsonObject { ["ProgramType"] = t })]) }.ToJsonString();

    private static JsonNode Number(string text) => JsonNode.Parse(text)!;
}
