using System.Globalization;
using System.Text.Json;
using Ciel.Core.Quota;
using Ciel.Core.Store;
using Ciel.Services.Identity;
using Ciel.Services.ObjectStorage.Body;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Objects;

namespace Ciel.Services.ObjectStorage.Settings;

/// <summary>
/// Quotas of projects (<c>/admin/user?quota</c>) and buckets (<c>/admin/bucket?quota</c>) as Ceph's "Admin Operations API" sets them, because S3 has no words for
/// them. For the cloud's admins.
/// </summary>
internal sealed class QuotaApi(Db db, IIdentity identity) : IObjectApi
{
    private const string Admin = "admin";
    private const int Most = 16 * 1024;

    public IEnumerable<Operation> Operations =>
    [
        new Operation("GetQuota", "GET", Scope.Object, Get) { Marker = "quota", Under = Admin, WithoutBucket = true },
        new Operation("PutQuota", "PUT", Scope.Object, Put) { Marker = "quota", Under = Admin, WithoutBucket = true },
    ];

    private async Task Get(S3Call call)
    {
        RequireAdmin(call);
        var project = await Project(call);
        if (call.Key == "user")
        {
            var lines = await db.Read(r => ObjectQuota.Of(r, project), call.Cancel);
            await Answer(call, new BucketLimits(Hard(lines, ObjectQuota.Bytes), Hard(lines, ObjectQuota.Objects)));
            return;
        }

        var bucket = await db.Read(r => BucketStore.Find(r, Wanted(call)), call.Cancel);
        await Answer(call, ObjectQuota.Of(Owned(bucket, project, call)) ?? new BucketLimits(null, null));
    }

    private async Task Put(S3Call call)
    {
        RequireAdmin(call);
        var project = await Project(call);
        var limits = await Read(call);
        await db.Write(
            async tx =>
            {
                if (call.Key == "user")
                {
                    await ObjectQuota.Limit(tx, project, limits.Bytes, limits.Objects);
                    return;
                }

                var found = Owned(await BucketStore.Find(tx, Wanted(call)), project, call);
                var bucket = Owned(await BucketStore.ForUpdate(tx, found.Id), project, call);
                await BucketStore.Update(tx, bucket.With(SettingKinds.Quota, limits == new BucketLimits(null, null) ? null : JsonSerializer.Serialize(limits)));
            },
            call.Cancel);
        await call.Empty();
    }

    private static void RequireAdmin(S3Call call)
    {
        if (call.Caller is not { IsAdmin: true, Rights: null })
        {
            throw Faults.AccessDenied();
        }
    }

    // Ceph's user is the account, which is the project here.
    private async Task<string> Project(S3Call call)
    {
        var known = call.Key == "bucket" || (call.Key == "user" && (call.Query("quota-type") ?? "user") == "user");
        var id = known ? call.Query("uid") ?? "" : throw Faults.NotImplemented($"{call.Http.Request.Method} {call.Target.Path} with quota-type {call.Query("quota-type")}");
        return (await db.Read(r => identity.Project(r, id), call.Cancel))?.Id ?? throw new S3Fault(404, "NoSuchUser", $"There is no project {id}: uid is a project's id.");
    }

    private static string Wanted(S3Call call) => call.Query("bucket") ?? throw Faults.InvalidArgument("bucket", null, "The bucket's name is missing.");

    private static BucketRow Owned(BucketRow? bucket, string project, S3Call call) => bucket?.ProjectId == project ? bucket : throw Faults.NoSuchBucket(Wanted(call));

    private static async Task<BucketLimits> Read(S3Call call)
    {
        var body = await WholeBody.Read(call, Most);
        var enabled = call.Query("enabled") != "false";
        var (bytes, kilobytes, objects) = (Amount(call, "max-size"), Amount(call, "max-size-kb"), Amount(call, "max-objects"));
        if (body.Length > 0)
        {
            var input = Parse(body);
            enabled = input.Enabled;
            (bytes, kilobytes, objects) = (input.MaxSize, input.MaxSizeKb, input.MaxObjects);
        }

        bytes ??= kilobytes > 0 ? kilobytes * 1024 : kilobytes;
        return enabled ? new BucketLimits(bytes < 0 ? null : bytes, objects < 0 ? null : objects) : new BucketLimits(null, null);
    }

    private static Wire Parse(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize<Wire>(body, Names) ?? throw Faults.InvalidRequest("The body is no quota.");
        }
        catch (JsonException)
        {
            throw Faults.InvalidRequest("The body is no quota.");
        }
    }

    private static long? Amount(S3Call call, string name) => call.Query(name) is not { } text
        ? null
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Faults.InvalidArgument(name, text, $"{name} is a number; negative for no limit.");

    private static long? Hard(Dictionary<string, QuotaLine> lines, string resource) => lines.TryGetValue(resource, out var line) ? line.Hard : null;

    private static Task Answer(S3Call call, BucketLimits limits) => call.Document(JsonSerializer.SerializeToUtf8Bytes(
        new Wire(limits.Bytes is not null || limits.Objects is not null, limits.Bytes ?? -1, limits.Bytes is null ? 0 : (limits.Bytes + 1023) / 1024, limits.Objects ?? -1), Names), type: "application/json");

    private static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private sealed record Wire(bool Enabled, long? MaxSize, long? MaxSizeKb, long? MaxObjects);
}
