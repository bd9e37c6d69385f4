using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Settings;

/// <summary>Transfer acceleration: there are no edges that could be nearer to a client than the door, so it can only be suspended.</summary>
internal sealed class AccelerateApi(BucketBook book) : IObjectApi
{
    public IEnumerable<Operation> Operations =>
    [
        new Operation("GetBucketAccelerateConfiguration", "GET", Scope.Bucket, Get) { Marker = "accelerate", Action = "s3:GetAccelerateConfiguration" },
        new Operation("PutBucketAccelerateConfiguration", "PUT", Scope.Bucket, Put) { Marker = "accelerate", Action = "s3:PutAccelerateConfiguration" },
    ];

    private static Task Get(S3Call call) => call.Xml("AccelerateConfiguration", xml => xml.Text("Status", call.Bucket[SettingKinds.Accelerate]));

    private async Task Put(S3Call call)
    {
        var status = (await XmlInput.Read(call, "AccelerateConfiguration")).Text("Status");
        await book.Change(call, bucket => status switch
        {
            "Suspended" => bucket.With(SettingKinds.Accelerate, status),
            "Enabled" => throw Faults.InvalidRequest("S3 Transfer Acceleration is not supported here: there are no edge locations, the endpoint itself is the nearest. Leave it Suspended."),
            _ => throw Faults.MalformedXml(),
        });
        await call.Empty();
    }
}
