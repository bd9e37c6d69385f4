using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Metering;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Settings;

/// <summary>Who pays for requests: the bucket's owner, or who asks.</summary>
internal sealed class PaymentApi(BucketBook book) : IObjectApi
{
    private const string Owner = "BucketOwner";

    public IEnumerable<Operation> Operations =>
    [
        new Operation("GetBucketRequestPayment", "GET", Scope.Bucket, Get) { Marker = "requestPayment", Action = "s3:GetBucketRequestPayment" },
        new Operation("PutBucketRequestPayment", "PUT", Scope.Bucket, Put) { Marker = "requestPayment", Action = "s3:PutBucketRequestPayment" },
    ];

    private static Task Get(S3Call call) => call.Xml("RequestPaymentConfiguration", xml => xml.Text("Payer", call.Bucket[SettingKinds.RequestPayment] ?? Owner));

    private async Task Put(S3Call call)
    {
        var payer = (await XmlInput.Read(call, "RequestPaymentConfiguration")).Text("Payer");
        if (payer is not (Owner or Payer.Requester))
        {
            throw Faults.MalformedXml();
        }

        await book.Change(call, bucket => bucket.With(SettingKinds.RequestPayment, payer == Owner ? null : payer));
        await call.Empty();
    }
}
