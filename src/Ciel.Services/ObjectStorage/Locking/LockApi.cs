using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Objects;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Locking;

/// <summary>Retention and legal hold of versions.</summary>
internal sealed class LockApi(ObjectLookup lookup, VersionBook book) : IObjectApi
{
    public IEnumerable<Operation> Operations =>
    [
        new Operation("GetObjectRetention", "GET", Scope.Object, Get) { Marker = "retention" },
        new Operation("PutObjectRetention", "PUT", Scope.Object, Put) { Marker = "retention" },
        new Operation("GetObjectLegalHold", "GET", Scope.Object, GetHold) { Marker = "legal-hold" },
        new Operation("PutObjectLegalHold", "PUT", Scope.Object, PutHold) { Marker = "legal-hold" },
    ];

    private async Task Get(S3Call call)
    {
        var row = await Find(call, "s3:GetObjectRetention");
        if (row.RetainMode is null)
        {
            throw new S3Fault(404, "NoSuchObjectLockConfiguration", "The specified object does not have a ObjectLock configuration");
        }

        await call.Xml("Retention", xml =>
        {
            xml.Text("Mode", row.RetainMode);
            xml.Instant("RetainUntilDate", row.RetainUntil!.Value);
        });
    }

    private async Task Put(S3Call call)
    {
        await Find(call, "s3:PutObjectRetention");
        var (mode, until) = Retention.Parse(await XmlInput.Read(call, "Retention"), call.Now);
        var bypass = LockBypass.Of(call, call.Key);
        await book.Change(call, row =>
        {
            Retention.CheckChange(row, mode, until, call.Now, bypass);
            return row with { RetainMode = mode, RetainUntil = until };
        });
        await call.Empty();
    }

    private async Task GetHold(S3Call call)
    {
        var row = await Find(call, "s3:GetObjectLegalHold");
        await call.Xml("LegalHold", xml => xml.Text("Status", row.LegalHold ? "ON" : "OFF"));
    }

    private async Task PutHold(S3Call call)
    {
        await Find(call, "s3:PutObjectLegalHold");
        var status = (await XmlInput.Read(call, "LegalHold")).Text("Status");
        if (status is not ("ON" or "OFF"))
        {
            throw Faults.MalformedXml();
        }

        await book.Change(call, row => row with { LegalHold = status == "ON" });
        await call.Empty();
    }

    private async Task<VersionRow> Find(S3Call call, string action)
    {
        var row = await lookup.Find(call, action, "LOCK");
        return call.Bucket.Locking ? row : throw Faults.InvalidRequest("Bucket is missing Object Lock Configuration");
    }
}
