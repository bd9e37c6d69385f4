using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Ledger;
using Ciel.Core.Store;
using Ciel.Core.Trust;
using Ciel.Services.ObjectStorage.Logging;
using Ciel.Services.ObjectStorage.Metering;
using Ciel.Services.ObjectStorage.Query;
using Ciel.Services.ObjectStorage.Swift;
using Ciel.Services.ObjectStorage.Website;
using Ciel.Services.ObjectStorage.Xml;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Ciel.Services.ObjectStorage.Door;

/// <summary>Every request to the objects door: by its name and path to Swift, to a website or to S3; metered and logged, its error as XML.</summary>
internal sealed partial class ObjectDoor(
    S3Door storage, SwiftDoor swift, WebsiteDoor websites, DoorNames names, RevisionCache clock, UsageCounters counters, AccessLog accesses, Ids ids, ILogger<ObjectDoor> log) : IObjectDoor
{
    public async Task Serve(HttpContext http)
    {
        var requestId = ids.Hex().ToUpperInvariant();
        http.Response.Headers["x-amz-request-id"] = requestId;
        http.Response.Headers["x-amz-id-2"] = requestId;
        if (names.IsShared(http.Request.Host))
        {
            // Cookies ignore ports: a page that a tenant stored must not act for who looks at it under the console's name.
            http.Response.Headers.ContentSecurityPolicy = "sandbox";
        }

        if (http.Request.ContentLength == 0 && http.Request.Headers.Expect.Count > 0)
        {
            // No 100 is sent where no body follows. botocore's next request on such a connection would wait for ever.
            http.Response.Headers.Connection = "close";
        }

        if (names.IsDoor(http.Request.Host) && SwiftTarget.IsMine(http))
        {
            await swift.Serve(http);
            return;
        }

        S3Call? call = null;
        var begun = accesses.Timestamp;
        try
        {
            var site = await websites.Find(http);
            call = new S3Call(http, site is null ? Target.Of(http, names) : Target.OfSite(http, site), requestId) { Now = await clock.Now(), Begun = begun };
            call.Meter = CallMeter.Attach(call, counters);
            await (site is null ? storage.Serve(call) : websites.Serve(call));
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            if (e is OperationCanceledException or IOException && http.RequestAborted.IsCancellationRequested)
            {
                return;
            }

            await Answer(http, call, ToFault(e, requestId), requestId);
        }
        finally
        {
            call?.Meter?.End();
            if (call is not null)
            {
                accesses.Note(call);
            }
        }
    }

    private S3Fault ToFault(Exception e, string requestId)
    {
        switch (e)
        {
            case S3Fault fault:
                return fault;
            case Fault { Status: 507 } full:
                return new S3Fault(507, "InsufficientStorage", full.Message);
            // A copy's source was overwritten while it was read.
            case Fault { Status: 404 or 503 } or StoreBusyException or UniqueViolationException:
                return Faults.Busy();
            case BadHttpRequestException { StatusCode: 408 }:
                return new S3Fault(400, "RequestTimeout", "Your socket connection to the server was not read from or written to within the timeout period.");
            case BadHttpRequestException:
                return new S3Fault(400, "IncompleteBody", "The request body terminated unexpectedly");
            default:
                LogUnexpected(log, requestId, e);
                return new S3Fault(500, "InternalError", "We encountered an internal error. Please try again.");
        }
    }

    private static async Task Answer(HttpContext http, S3Call? call, S3Fault fault, string requestId)
    {
        http.Response.StatusCode = fault.Status;
        if (call?.Meter is { } meter)
        {
            meter.Code = fault.Code;
        }

        if (http.Request.ContentLength > 0 || http.Request.Headers.TransferEncoding.Count > 0)
        {
            // The client may or may not send the body that was refused: only a new connection is clear to both.
            http.Response.Headers.Connection = "close";
        }

        foreach (var (name, value) in fault.Headers)
        {
            http.Response.Headers[name] = value;
        }

        if (HttpMethods.IsHead(http.Request.Method) || fault.Status == 304)
        {
            return;
        }

        var body = call?.Operation?.Name == QueryDoor.Name ? QueryDoor.Fault(fault, requestId) : XmlOutput.Write(
            "Error",
            xml =>
            {
                xml.WriteElementString("Code", fault.Code);
                xml.WriteElementString("Message", fault.Message);
                foreach (var (name, value) in fault.Extra)
                {
                    xml.WriteElementString(name, value);
                }

                xml.WriteElementString("Resource", call?.Target.Path ?? http.Request.Path.Value);
                xml.WriteElementString("RequestId", requestId);
                xml.WriteElementString("HostId", requestId);
            },
            space: null);
        http.Response.ContentType = "application/xml";
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{RequestId} failed unexpectedly")]
    private static partial void LogUnexpected(ILogger log, string requestId, Exception e);
}
