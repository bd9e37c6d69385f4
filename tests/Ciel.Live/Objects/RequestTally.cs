using System.Net;
using Ciel.Tests.ObjectStorage;

namespace Ciel.Live.Objects;

/// <summary>A client that counts what it asked and what was answered, as the ledger must have it: at least the answered, at most the asked.</summary>
internal sealed class RequestTally(S3Client client)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (long Answered, long Asked)> _counts = [];

    public IReadOnlyDictionary<string, (long Answered, long Asked)> Counts => _counts;

    /// <summary>Sends; null where no answer came or the server failed.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">The target.</param>
    /// <param name="body">Null for none.</param>
    /// <param name="largest">As many bytes as the answer may have.</param>
    /// <param name="headers">Further headers.</param>
    public async Task<S3Answer?> Send(HttpMethod method, string path, byte[]? body = null, long largest = 100_000, params (string, string)[] headers)
    {
        var lists = path.Split('?') is [_, var query] && (query == "uploads" || query.StartsWith("list-type", StringComparison.Ordinal) || query.StartsWith("versions", StringComparison.Ordinal));
        var kind = method == HttpMethod.Delete ? "object.free-requests" : method != HttpMethod.Get || lists ? "object.class-a-requests" : "object.class-b-requests";
        S3Answer? answer = null;
        try
        {
            answer = await client.Send(method, path, body, headers);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException)
        {
            // The program was killed meanwhile.
        }

        answer = answer?.Status >= HttpStatusCode.InternalServerError ? null : answer;
        Count(kind, answer is null ? 0 : 1, 1);
        Count("object.egress", answer?.Bytes.Length ?? 0, answer?.Bytes.Length ?? largest);
        Count("object.ingress", answer is null ? 0 : body?.Length ?? 0, body?.Length ?? 0);
        return answer;
    }

    private void Count(string meter, long answered, long asked)
    {
        lock (_lock)
        {
            var (a, b) = _counts.GetValueOrDefault(meter);
            _counts[meter] = (a + answered, b + asked);
        }
    }
}
