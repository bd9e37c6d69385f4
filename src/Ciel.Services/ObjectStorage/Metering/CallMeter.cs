using Ciel.Core.Ledger;
using Ciel.Services.ObjectStorage.Door;
using Microsoft.AspNetCore.Http.Features;

namespace Ciel.Services.ObjectStorage.Metering;

/// <summary>
/// Counts one request: itself and the bytes that came before its answer's first byte leaves, so that no answered request is lost; the bytes that leave as
/// they leave. Bytes are those of bodies.
/// </summary>
internal sealed class CallMeter
{
    private readonly S3Call _call;
    private readonly UsageCounters _counters;
    private readonly MeteredResponse _response;
    private bool _begun;
    private long _received;
    private Payer? _payer;

    private CallMeter(S3Call call, UsageCounters counters)
    {
        (_call, _counters) = (call, counters);
        _response = new MeteredResponse(call.Http.Features.GetRequiredFeature<IHttpResponseBodyFeature>(), this);
        call.Http.Features.Set<IHttpResponseBodyFeature>(_response);
        call.Http.Request.Body = new MeteredRequest(call.Http.Request.Body, this);
        call.Http.Response.OnStarting(() =>
        {
            Begin();
            return Task.CompletedTask;
        });
    }

    /// <summary>Whether it is known who asks: before that, nobody pays.</summary>
    public bool Admitted { get; set; }

    /// <summary>The bytes of the answer's body that went out.</summary>
    public long SentBytes { get; private set; }

    /// <summary>The error that is answered.</summary>
    public string? Code { get; set; }

    public static CallMeter Attach(S3Call call, UsageCounters counters) => new(call, counters);

    public void Received(int count) => _received += count;

    public void Sent(long count)
    {
        Begin();
        SentBytes += count;
        if (_payer is not null && count > 0)
        {
            _counters.Add(_payer.ProjectId, _payer.ResourceId, 0, 0, 0, count, 0);
        }
    }

    /// <summary>Counts what was written and not yet sent.</summary>
    public void End() => _response.Settle();

    private void Begin()
    {
        if (_begun)
        {
            return;
        }

        _begun = true;
        _payer = Admitted ? Payer.Of(_call, _call.Http.Response.StatusCode, Code) : null;
        if (_payer is not null)
        {
            var kind = Meters.ClassOf(_call.Operation);
            _counters.Add(_payer.ProjectId, _payer.ResourceId, kind == 0 ? 1 : 0, kind == 1 ? 1 : 0, kind == 2 ? 1 : 0, 0, _received);
        }
    }
}
