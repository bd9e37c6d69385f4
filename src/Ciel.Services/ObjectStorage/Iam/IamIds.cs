using Ciel.Core;

namespace Ciel.Services.ObjectStorage.Iam;

/// <summary>Makes IAM's ids and keys in AWS's form, which clients tell apart by their first letters.</summary>
internal sealed class IamIds(ISecrets secrets)
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>A kind's four letters and 17 more (85 bits).</summary>
    public string Unique(string kind) => kind switch
    {
        IamKinds.User => "AIDA",
        IamKinds.Role => "AROA",
        IamKinds.Group => "AGPA",
        _ => "ANPA",
    } + Random(17);

    /// <summary>An access key's public half.</summary>
    public string Access(bool temporary) => (temporary ? "ASIA" : "AKIA") + Random(16);

    /// <summary>An access key's secret, 240 bits.</summary>
    public string Secret()
    {
        Span<byte> bytes = stackalloc byte[30];
        secrets.Fill(bytes);
        return Convert.ToBase64String(bytes);
    }

    private string Random(int length)
    {
        Span<byte> bytes = stackalloc byte[32];
        secrets.Fill(bytes);
        var text = new char[length];
        for (var i = 0; i < length; i++)
        {
            text[i] = Letters[bytes[i] & 31];
        }

        return new string(text);
    }
}
