using System.Text.Json;
using System.Text.RegularExpressions;

namespace Ciel.Tests.Attack;

/// <summary>What every answer must be, however bad the request was.</summary>
internal static partial class Words
{
    /// <summary>Reads an answer and says what is wrong with it; null where nothing is.</summary>
    public static async Task<string?> Wrong(HttpResponseMessage answer)
    {
        var status = (int)answer.StatusCode;
        var text = await answer.Content.ReadAsStringAsync();
        var door = "/" + answer.RequestMessage!.RequestUri!.AbsolutePath.Split('/')[1];
        return status is >= 500 and not (501 or 503) ? $"{status} {Short(text)}"
            : !answer.Headers.Contains("X-OpenStack-Request-Id") ? $"{status} without a request id"
            : Inside().IsMatch(text) ? $"{status} tells of our insides: {Short(text)}"
            : status >= 400 && answer.RequestMessage.Method != HttpMethod.Head && !OwnShape(door, status, text) ? $"{status} in another shape: {Short(text)}"
            : null;
    }

    private static bool OwnShape(string door, int status, string text)
    {
        try
        {
            var body = JsonDocument.Parse(text).RootElement;
            var error = body.EnumerateObject().First();
            return (door, status) switch
            {
                ("/image", _) => body.GetProperty("code").GetString()!.StartsWith($"{status} ", StringComparison.Ordinal),
                ("/network", not 401) => error.Name == "NeutronError" && error.Value.GetProperty("type").GetString()!.Length > 0,
                ("/compute", not 401) => error.Value.GetProperty("code").GetInt32() == status,
                _ => error.Name == "error" && error.Value.GetProperty("code").GetInt32() == status,
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return false;
        }
    }

    private static string Short(string text) => text.Length <= 300 ? text : text[..300];

    [GeneratedRegex(@"\bSystem\.[A-Z]\w+|\bMicrosoft\.|Npgsql|[Ss]qlite|\bCiel\.\w+|Exception\b|\n\s+at \w|BytePositionInLine|\bpg_|42P01|SELECT .* FROM")]
    private static partial Regex Inside();
}
