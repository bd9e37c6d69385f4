using System.Text;
using System.Text.Json;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Posting;

/// <summary>The policy of an upload form ("Creating a POST policy"): until when, and what its fields must be.</summary>
internal sealed class PostPolicy
{
    /// <summary>Fields that need no condition.</summary>
    private static readonly HashSet<string> Free = ["file", "policy", "signature", "awsaccesskeyid", "x-amz-signature"];

    private readonly List<(string Operator, string Field, string Value)> _conditions = [];

    /// <summary>The bytes that the file may have.</summary>
    public (long Least, long Most)? Length { get; private set; }

    /// <exception cref="S3Fault">400 for what is no policy, 403 for one that has expired.</exception>
    public static PostPolicy Parse(string base64, long now)
    {
        try
        {
            using var document = JsonInput.Parse(Convert.FromBase64String(base64), 8);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("expiration", out var expiration) || !root.TryGetProperty("conditions", out var conditions)
                || conditions.ValueKind != JsonValueKind.Array)
            {
                throw Invalid("it needs expiration and conditions");
            }

            var until = expiration.ValueKind == JsonValueKind.String && expiration.GetString() is { Length: > 10 } text && text[10] == 'T' ? Instants.ParseIso(expiration.GetString()) : null;
            if ((until ?? throw Invalid("the expiration is no date")) < now)
            {
                throw Faults.AccessDenied("Invalid according to Policy: Policy expired.");
            }

            var policy = new PostPolicy();
            foreach (var condition in conditions.EnumerateArray())
            {
                policy.Add(condition);
            }

            return policy;
        }
        catch (Exception e) when (e is JsonException or FormatException or DecoderFallbackException)
        {
            throw Invalid("it is not base64 of JSON");
        }
    }

    /// <summary>Refuses a form whose fields the policy does not allow.</summary>
    public void Check(IReadOnlyDictionary<string, string> fields, string bucket)
    {
        foreach (var (op, field, value) in _conditions)
        {
            var actual = field == "bucket" ? bucket : fields.GetValueOrDefault(field, "");
            // Only a content type may be a list, of which each must begin so.
            var begins = field == "content-type" ? actual.Split(',', StringSplitOptions.TrimEntries) : [actual];
            if (!(op == "eq" ? actual == value : begins.All(b => b.StartsWith(value, StringComparison.Ordinal))))
            {
                throw Faults.AccessDenied($"Invalid according to Policy: Policy Condition failed: [\"{op}\", \"${field}\", \"{value}\"]");
            }
        }

        var extra = fields.Keys.Append("bucket").FirstOrDefault(f => !Free.Contains(f) && !f.StartsWith("x-ignore-", StringComparison.Ordinal) && !f.StartsWith("x-amz-checksum-", StringComparison.Ordinal) && _conditions.TrueForAll(c => c.Field != f));
        if (extra is not null)
        {
            throw Faults.AccessDenied($"Invalid according to Policy: Extra input fields: {extra}");
        }
    }

    private void Add(JsonElement condition)
    {
        if (condition.ValueKind == JsonValueKind.Object)
        {
            var only = condition.EnumerateObject().ToList() is [var one] ? one : throw Invalid("a condition names one field");
            _conditions.Add(("eq", only.Name.ToLowerInvariant(), Text(only.Value)));
            return;
        }

        var parts = condition.ValueKind == JsonValueKind.Array ? condition.EnumerateArray().ToList() : [];
        switch (parts is [{ ValueKind: JsonValueKind.String } first, ..] ? first.GetString()!.ToLowerInvariant() : null)
        {
            case "content-length-range" when parts.Count == 3:
                Length = (Number(parts[1]), Number(parts[2]));
                break;
            case "eq" or "starts-with" when parts.Count == 3 && Text(parts[1]) is ['$', ..] field:
                _conditions.Add((parts[0].GetString()!.ToLowerInvariant(), field[1..].ToLowerInvariant(), Text(parts[2])));
                break;
            default:
                throw Invalid("a condition is not understood");
        }
    }

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Invalid("a condition's value must be a text");

    private static long Number(JsonElement value) =>
        long.TryParse(value.ToString(), out var number) && number >= 0 && value.ValueKind is JsonValueKind.Number or JsonValueKind.String ? number : throw Invalid("a length must be a number");

    private static S3Fault Invalid(string why) => new(400, "InvalidPolicyDocument", $"The content of the form does not meet the conditions specified in the policy document: {why}.");
}
