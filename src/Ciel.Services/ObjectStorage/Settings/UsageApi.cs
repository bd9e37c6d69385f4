using System.Globalization;
using Ciel.Core.Quota;
using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Access;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Objects;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Settings;

/// <summary>
/// What a project holds and may hold (<c>GET /?usage</c>), in the words of Ceph's object gateway ("Get Usage Stats"), because S3 has none. What
/// was asked and sent is on the ledger instead: <c>Entries</c> is empty. Ceph puts it in no namespace.
/// </summary>
internal sealed class UsageApi(Db db) : IObjectApi
{
    private const long Page = 4096;

    public IEnumerable<Operation> Operations => [new Operation("GetUsage", "GET", Scope.Service, Get) { Marker = "usage" }];

    /// <summary>Says in headers what a bucket holds and, to its own account, what it may hold (<c>read-stats</c> of a HEAD).</summary>
    public static async Task Tell(S3Call call, Reader reader)
    {
        var used = await UsageStore.OfBucket(reader, call.Bucket.Id);
        call.Answer("X-RGW-Object-Count", Text(used.Objects));
        call.Answer("X-RGW-Bytes-Used", Text(used.Bytes));
        if (call.Caller.AccountId != call.Bucket.ProjectId)
        {
            return;
        }

        var (own, project) = (ObjectQuota.Of(call.Bucket), await ObjectQuota.Of(reader, call.Bucket.ProjectId));
        call.Answer("X-RGW-Quota-User-Size", Hard(project, ObjectQuota.Bytes));
        call.Answer("X-RGW-Quota-User-Objects", Hard(project, ObjectQuota.Objects));
        call.Answer("X-RGW-Quota-Max-Buckets", Text(await MostBuckets(reader, call.Bucket.ProjectId)));
        call.Answer("X-RGW-Quota-Bucket-Size", Text(own?.Bytes ?? -1));
        call.Answer("X-RGW-Quota-Bucket-Objects", Text(own?.Objects ?? -1));
    }

    private async Task Get(S3Call call)
    {
        Authorizer.Account(call, "s3:ListAllMyBuckets", "arn:aws:s3:::*");
        var account = call.Caller.AccountId!;
        var (quota, buckets, used) = await db.Read(async r => (await ObjectQuota.Of(r, account), await MostBuckets(r, account), await UsageStore.OfProject(r, account)), call.Cancel);
        (string Name, string Value)[] summary =
        [
            ("User", account),
            ("QuotaMaxBytes", Hard(quota, ObjectQuota.Bytes)),
            ("QuotaMaxBuckets", Text(buckets)),
            ("QuotaMaxObjCount", Hard(quota, ObjectQuota.Objects)),
            ("QuotaMaxBytesPerBucket", "-1"),
            ("QuotaMaxObjCountPerBucket", "-1"),
            ("TotalBytes", Text(used.Bytes)),
            ("TotalBytesRounded", Text((used.Bytes + Page - 1) / Page * Page)),
            ("TotalEntries", Text(used.Objects)),
        ];
        await call.Document(XmlOutput.Write(
            "Usage",
            xml =>
            {
                xml.WriteElementString("Entries", "");
                xml.WriteStartElement("Summary");
                Array.ForEach(summary, s => xml.WriteElementString(s.Name, s.Value));
                xml.WriteEndElement();
            },
            space: null));
    }

    private static async Task<long> MostBuckets(Reader reader, string project) => (await QuotaBook.Line(reader, project, ObjectQuota.Buckets, ObjectQuota.MostBuckets)).Hard;

    // -1 is Ceph's word for no limit, and ours.
    private static string Hard(Dictionary<string, QuotaLine> lines, string resource) => Text(lines.TryGetValue(resource, out var line) ? line.Hard : -1);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
