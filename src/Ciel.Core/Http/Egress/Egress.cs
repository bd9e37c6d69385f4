using System.Net;
using System.Net.Http.Headers;

namespace Ciel.Core.Http.Egress;

/// <summary>Sends one request and gives back its answer, body unread. The transport has asked the gate about the address that it connects to.</summary>
public delegate Task<HttpResponseMessage> EgressSend(HttpRequestMessage request, CancellationToken cancel);

/// <summary>What came back.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Headers">The answer's headers, its content's among them.</param>
/// <param name="Body">The body, or its first bytes.</param>
public sealed record EgressAnswer(HttpStatusCode Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>Whether the status says that all went well.</summary>
    public bool Good => (int)Status is >= 200 and < 300;
}

/// <summary>How long a call may take and how much of the answer is taken.</summary>
/// <param name="Time">For the whole call, redirects among it.</param>
/// <param name="Body">Bytes of the answer that are read; the rest is left.</param>
public sealed record EgressLimits(TimeSpan Time, int Body = 64 * 1024)
{
    /// <summary>How many redirects are followed.</summary>
    public int Redirects { get; init; }
}

/// <summary>
/// Every call to a URL that a tenant chose: a name is resolved once and the call goes to that address, which is public and not the cloud's
/// own; each redirect is looked at anew; size and time have an end.
/// </summary>
public sealed class Egress(EgressSend send, TimeProvider time)
{
    /// <summary>Makes a call.</summary>
    /// <param name="request">Makes the request for a URL; called again for each redirect.</param>
    /// <param name="url">Where to.</param>
    /// <param name="limits">How long, how much.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="EgressRefusedException">It may not go there, or nobody answered in time.</exception>
    public async Task<EgressAnswer> Call(Func<Uri, HttpRequestMessage> request, Uri url, EgressLimits limits, CancellationToken cancel)
    {
        using var deadline = new CancellationTokenSource(limits.Time, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancel);
        try
        {
            return await Follow(request, url, limits, either.Token);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new EgressRefusedException($"{url.Host} did not answer within {limits.Time.TotalSeconds:0} s.", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            for (Exception? cause = e; cause is not null; cause = cause.InnerException)
            {
                if (cause is EgressRefusedException refused)
                {
                    throw refused;
                }
            }

            throw new EgressRefusedException($"{url.Host}: {e.InnerException?.Message ?? e.Message}", e);
        }
    }

    private async Task<EgressAnswer> Follow(Func<Uri, HttpRequestMessage> make, Uri url, EgressLimits limits, CancellationToken cancel)
    {
        for (var left = limits.Redirects; ; left--)
        {
            using var request = make(EgressGate.Require(url));
            using var answer = await send(request, cancel);
            // The other redirects change the method: what was to be delivered would be lost.
            if (answer.StatusCode is not (HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect) || answer.Headers.Location is not { } place || limits.Redirects == 0)
            {
                return await Read(answer, limits, cancel);
            }

            url = left > 0 ? new Uri(url, place) : throw new EgressRefusedException($"{url.Host} redirects too often.");
        }
    }

    private static async Task<EgressAnswer> Read(HttpResponseMessage answer, EgressLimits limits, CancellationToken cancel)
    {
        var body = new byte[limits.Body];
        await using var stream = await answer.Content.ReadAsStreamAsync(cancel);
        var length = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancel);
        IEnumerable<KeyValuePair<string, HeaderStringValues>> headers = [.. answer.Headers.NonValidated, .. answer.Content.Headers.NonValidated];
        return new EgressAnswer(answer.StatusCode, headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), body[..length]);
    }
}
