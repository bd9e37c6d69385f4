using System.Text;
using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Ledger;
using Ciel.Core.Store;
using Ciel.Core.Trust;
using Ciel.Services.Identity;
using Ciel.Services.ObjectStorage.Access;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Metering;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Ciel.Services.ObjectStorage.Swift;

/// <summary>
/// OpenStack's Object Storage API v1, on the objects door: what tenants store is served under names that are never the console's.
/// </summary>
internal sealed partial class SwiftDoor(
    IAuthenticator authenticator, AccountApi accounts, ContainerApi containers, ObjectApi objects, TempUrls links, SwiftCors cors, IAccessKeys keys, RevisionCache clock, UsageCounters counters, Ids ids, ILogger<SwiftDoor> log)
{
    public async Task Serve(HttpContext http)
    {
        var transaction = "";
        S3Call? metered = null;
        try
        {
            var now = await clock.Now();
            transaction = $"tx{ids.Hex()[..21]}-{now / 1_000_000:x10}";
            http.Response.Headers["X-Trans-Id"] = transaction;
            http.Response.Headers["X-Openstack-Request-Id"] = transaction;
            ForgetHeadersOfS3(http);
            var target = SwiftTarget.Of(http);
            metered = new S3Call(http, new Target(null, null, target.Path, []), transaction) { Now = now };
            metered.Meter = CallMeter.Attach(metered, counters);
            await Serve(new SwiftCall(http, target, transaction, now) { Metered = metered });
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            if (e is OperationCanceledException or IOException && http.RequestAborted.IsCancellationRequested)
            {
                return;
            }

            await Answer(http, ToFault(e, transaction));
        }
        finally
        {
            metered?.Meter?.End();
        }
    }

    private async Task Serve(SwiftCall call)
    {
        if (call.Target.Account is null)
        {
            await SwiftInfo.Serve(call);
            return;
        }

        if (HttpMethods.IsOptions(call.Method))
        {
            await cors.Preflight(call);
            return;
        }

        if (call.Header("X-Auth-Token") is not null)
        {
            call.Actor = await authenticator.Authenticate(call.Http);
        }

        await links.Check(call);
        if (call.Actor is not { IsAdmin: true })
        {
            await Suspension.Refuse(call.Account, call.IsOwner, call.Method is "GET" or "HEAD" or "DELETE" || call.Query("bulk-delete") is not null, keys);
        }

        await cors.Allow(call);
        await (call.Target switch
        {
            { Object: not null } => objects.Serve(call),
            { Container: not null } => containers.Serve(call),
            _ => accounts.Serve(call),
        });
    }

    // The storage below would take them for the owner's word, whoever was let in to write.
    private static void ForgetHeadersOfS3(HttpContext http)
    {
        foreach (var name in http.Request.Headers.Keys.Where(h => h.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            http.Request.Headers.Remove(name);
        }
    }

    private S3Fault ToFault(Exception e, string transaction)
    {
        switch (e)
        {
            case S3Fault fault:
                return fault;
            case Fault { Status: 401 }:
                return SwiftFaults.Unauthorized();
            case Fault { Status: 507 } full:
                return new S3Fault(507, "InsufficientStorage", full.Message);
            case Fault { Status: 404 or 503 } or StoreBusyException or UniqueViolationException:
                return new S3Fault(503, "ServiceUnavailable", "Please try again.") { Headers = [("Retry-After", "1")] };
            case BadHttpRequestException { StatusCode: 408 }:
                return new S3Fault(408, "RequestTimeout", "The server has waited too long for the request to be sent by the client.");
            case BadHttpRequestException:
                return SwiftFaults.BadRequest("The request body terminated unexpectedly");
            default:
                LogUnexpected(log, transaction, e);
                return new S3Fault(500, "InternalError", "The server encountered an error. Please try again.");
        }
    }

    private static async Task Answer(HttpContext http, S3Fault fault)
    {
        http.Response.StatusCode = SwiftFaults.Status(fault);
        foreach (var header in fault.Headers.GroupBy(h => h.Name))
        {
            http.Response.Headers[header.Key] = header.Select(h => h.Value).ToArray();
        }

        if (http.Request.ContentLength > 0 || http.Request.Headers.TransferEncoding.Count > 0)
        {
            // The client may or may not send the body that was refused: only a new connection is clear to both.
            http.Response.Headers.Connection = "close";
        }

        var body = Encoding.UTF8.GetBytes($"<html><h1>{fault.Code}</h1><p>{System.Net.WebUtility.HtmlEncode(fault.Message)}</p></html>");
        http.Response.ContentType = "text/html; charset=UTF-8";
        http.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(http.Request.Method) && fault.Status != 304)
        {
            await http.Response.Body.WriteAsync(body, http.RequestAborted);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Transaction} failed unexpectedly")]
    private static partial void LogUnexpected(ILogger log, string transaction, Exception e);
}
