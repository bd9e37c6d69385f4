using Ciel.Core.Store;
using Ciel.Services.Identity;
using Ciel.Services.ObjectStorage.Access;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Encrypting;
using Ciel.Services.ObjectStorage.Metering;
using Ciel.Services.ObjectStorage.Objects;
using Ciel.Services.ObjectStorage.Xml;
using Microsoft.AspNetCore.Http;

namespace Ciel.Services.ObjectStorage.Website;

/// <summary>Serves buckets as websites, to anybody and for reading only ("Hosting a static website using Amazon S3").</summary>
internal sealed class WebsiteDoor(Db db, DoorNames names, GetObjectApi objects, ObjectLookup lookup, ObjectBytes bytes, Encryptions encryptions, IAccessKeys keys)
{
    private static readonly Operation Head = new("HeadWebsite", "HEAD", Scope.Object, _ => Task.CompletedTask);
    private static readonly Operation Page = new("GetWebsite", "GET", Scope.Object, _ => Task.CompletedTask);

    /// <summary>The bucket whose website the host names; null for the door's other names.</summary>
    public async Task<string?> Find(HttpContext http)
    {
        if (names.SiteOf(http.Request.Host) is { } bucket)
        {
            return bucket;
        }

        // A bucket may bear the whole name of its site, which then points here by DNS.
        var host = http.Request.Host.Host.ToLowerInvariant();
        return names.IsForeign(http.Request.Host) && await db.Read(r => BucketStore.Find(r, host), http.RequestAborted) is { } row && row[SettingKinds.Website] is not null ? host : null;
    }

    public async Task Serve(S3Call call)
    {
        call.Operation = HttpMethods.IsHead(call.Http.Request.Method) ? Head : Page;
        call.Meter!.Admitted = true;
        WebsiteRules? rules = null;
        try
        {
            rules = await Rules(call);
            if (!await Redirected(call, rules, null))
            {
                await Object(call, rules);
            }
        }
        catch (S3Fault fault)
        {
            call.Meter.Code = fault.Code;
            if (rules is null || !await Redirected(call, rules, fault.Status))
            {
                await Error(call, rules, fault);
            }
        }
    }

    private async Task<WebsiteRules> Rules(S3Call call)
    {
        if (!HttpMethods.IsGet(call.Http.Request.Method) && !HttpMethods.IsHead(call.Http.Request.Method))
        {
            throw Faults.MethodNotAllowed(call.Http.Request.Method);
        }

        call.Bucket = await db.Read(r => BucketStore.Find(r, call.BucketName), call.Cancel) ?? throw Faults.NoSuchBucket(call.BucketName);
        await Suspension.Refuse(call, keys);
        Payer.Require(call);
        return call.Bucket[SettingKinds.Website] is { } text
            ? WebsiteRules.Parse(XmlInput.Parse(text))
            : throw new S3Fault(404, "NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration") { Extra = [("BucketName", call.Bucket.Name)] };
    }

    private static async Task<bool> Redirected(S3Call call, WebsiteRules rules, int? status)
    {
        var key = call.Target.Key ?? "";
        var rule = rules.All is { } all ? new RoutingRule("", null, all) : rules.Rules.FirstOrDefault(r => r.Covers(key, status));
        if (rule is null)
        {
            return false;
        }

        await Redirect(call, rule.To.Url(call.Http.Request.Scheme, call.Http.Request.Host.Value!, key, rule.Prefix), rule.To.Status);
        return true;
    }

    private async Task Object(S3Call call, WebsiteRules rules)
    {
        var asked = call.Target.Key ?? "";
        var key = asked.Length == 0 || asked.EndsWith('/') ? asked + rules.Index : asked;
        VersionRow row;
        try
        {
            row = await Find(call, key);
        }
        catch (S3Fault fault) when (fault.Status is 404 or 403 && key == asked)
        {
            if (await db.Read(r => VersionStore.Latest(r, call.Bucket.Id, asked + "/" + rules.Index), call.Cancel) is not { Marker: false })
            {
                throw;
            }

            await Redirect(call, "/" + Percent.Encode(asked, "/") + "/", StatusCodes.Status302Found);
            return;
        }

        if (row.Details.Headers.TryGetValue(ObjectHeaders.Redirect, out var elsewhere))
        {
            await Redirect(call, elsewhere, StatusCodes.Status301MovedPermanently);
            return;
        }

        call.Target = call.Target with { Key = key };
        await objects.Get(call);
    }

    private async Task Error(S3Call call, WebsiteRules? rules, S3Fault fault)
    {
        foreach (var (name, value) in fault.Headers)
        {
            call.Answer(name, value);
        }

        call.Answer("x-amz-error-code", fault.Code);
        call.Answer("x-amz-error-message", fault.Message);
        call.Http.Response.StatusCode = fault.Status;
        if (fault.Status == StatusCodes.Status304NotModified)
        {
            return;
        }

        if (rules?.Error is { } key && await TryFind(call, key) is { } row)
        {
            var data = await encryptions.ForRead(call, row.Details.Encryption);
            ObjectHeaders.Write(call, row.Details);
            call.Http.Response.ContentLength = row.Size;
            if (!HttpMethods.IsHead(call.Http.Request.Method))
            {
                await bytes.Send(row.Bytes, data, 0, row.Size, call.Http.Response.BodyWriter, call.Cancel);
            }

            return;
        }

        await call.Document(WebsitePage.Error(fault, call.RequestId), fault.Status, "text/html; charset=utf-8");
    }

    private async Task<VersionRow?> TryFind(S3Call call, string key)
    {
        try
        {
            return await Find(call, key) is { Details.Encryption: not { Kind: Encryption.Customer } } row ? row : null;
        }
        catch (S3Fault)
        {
            // There is no page for errors that everybody may read: the door's own takes its place.
            return null;
        }
    }

    private async Task<VersionRow> Find(S3Call call, string key) =>
        ObjectLookup.Found(await lookup.Require(call, call.Bucket, key, null, "s3:GetObject", "READ"), key, null);

    private static Task Redirect(S3Call call, string location, int status)
    {
        call.Answer("Location", location);
        call.Http.Response.StatusCode = status;
        call.Http.Response.ContentLength = 0;
        return Task.CompletedTask;
    }
}
