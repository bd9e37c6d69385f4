using System.Globalization;
using System.Net;
using System.Xml;
using Ciel.Services.ObjectStorage.Access;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Metering;
using Ciel.Services.ObjectStorage.Signing;
using Ciel.Services.ObjectStorage.Xml;
using Microsoft.AspNetCore.Http;

namespace Ciel.Services.ObjectStorage.Door;

/// <summary>One request on its way through an operation.</summary>
internal sealed class S3Call(HttpContext http, Target target, string requestId)
{
    private BucketRow? _bucket;

    public HttpContext Http => http;

    public Target Target { get; set; } = target;

    public string RequestId => requestId;

    public CancellationToken Cancel => http.RequestAborted;

    /// <summary>When it came, µs UTC.</summary>
    public long Now { get; init; }

    public Caller Caller { get; set; } = Caller.Anonymous;

    /// <summary>How the body is signed.</summary>
    public PayloadSeal Seal { get; set; } = PayloadSeal.None;

    /// <summary>Which operation it is; named in errors and usage.</summary>
    public Operation? Operation { get; set; }

    /// <summary>Counts it; null before the door has begun to.</summary>
    public CallMeter? Meter { get; set; }

    /// <summary>When it came, by the clock that measures.</summary>
    public long Begun { get; init; }

    /// <summary>The size of the object that it is about, for logs; null where none is known.</summary>
    public long? LoggedSize { get; set; }

    public string BucketName => Target.Bucket ?? throw Faults.MethodNotAllowed(http.Request.Method);

    public string Key => Target.Key ?? throw Faults.MethodNotAllowed(http.Request.Method);

    /// <summary>The bucket, which the door has looked up before the operation begins.</summary>
    public BucketRow Bucket
    {
        get => _bucket ?? throw new InvalidOperationException("The operation has no bucket.");
        set => _bucket = value;
    }

    public bool HasBucket => _bucket is not null;

    /// <summary>A header's value; null where it is not there.</summary>
    public string? Header(string name) => http.Request.Headers.TryGetValue(name, out var value) ? value.ToString() : null;

    /// <summary>A query parameter; null where it is not there.</summary>
    public string? Query(string name) => Target[name];

    public int Number(string name, int otherwise, int least, int most)
    {
        if (Query(name) is not { } text)
        {
            return otherwise;
        }

        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least
            ? Math.Min(value, most)
            : throw Faults.InvalidArgument(name, text, $"Provided {name} not an integer or within integer range");
    }

    public void Answer(string header, string? value)
    {
        if (value is not null)
        {
            http.Response.Headers[header] = HeaderText.Value(value);
        }
    }

    public Task Empty(HttpStatusCode status = HttpStatusCode.OK)
    {
        http.Response.StatusCode = (int)status;
        if (status == HttpStatusCode.OK)
        {
            http.Response.ContentLength = 0;
        }

        return Task.CompletedTask;
    }

    public Task Xml(string root, Action<XmlWriter> content, int status = 200) => Document(XmlOutput.Write(root, content), status);

    public async Task Document(byte[] body, int status = 200, string type = "application/xml")
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        http.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await http.Response.Body.WriteAsync(body, Cancel);
        }
    }
}
