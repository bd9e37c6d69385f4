using System.Net;
using System.Text;
using System.Xml.Linq;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Cors;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Lifecycle;
using Ciel.Services.ObjectStorage.Objects;
using Ciel.Services.ObjectStorage.Website;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Settings;

/// <summary>A bucket's document that is XML and is only kept, checked and given back.</summary>
/// <param name="Name">The operations' names have it, such as Cors in PutBucketCors.</param>
/// <param name="Query">The sub-resource.</param>
/// <param name="Kind">As it is stored.</param>
/// <param name="Root">The XML's root.</param>
/// <param name="Action">The permission's name without Get or Put.</param>
/// <param name="Missing">The fault where there is none.</param>
/// <param name="Check">Refuses what S3 refuses; answers what is stored.</param>
internal sealed record Setting(string Name, string Query, string Kind, string Root, string Action, S3Fault Missing, Func<S3Call, XElement, XElement> Check)
{
    /// <summary>The permission to remove it, where it has one of its own.</summary>
    public string? Remove { get; init; }
}

/// <summary>The documents of buckets that share one life: put, get, delete.</summary>
internal sealed class SettingApi(BucketBook book) : IObjectApi
{
    private static readonly Setting[] All =
    [
        new("BucketCors", "cors", SettingKinds.Cors, "CORSConfiguration", "BucketCORS", Missing("NoSuchCORSConfiguration", "The CORS configuration does not exist"), (_, x) => Checked(x, CorsRule.Check)),
        new("BucketTagging", "tagging", SettingKinds.Tagging, "Tagging", "BucketTagging", Missing("NoSuchTagSet", "The TagSet does not exist"), (_, x) => Checked(x, Durability.Check)),
        new("BucketEncryption", "encryption", SettingKinds.Encryption, "ServerSideEncryptionConfiguration", "EncryptionConfiguration",
            Missing("ServerSideEncryptionConfigurationNotFoundError", "The server side encryption configuration was not found"), (_, x) => Checked(x, SettingRules.Encryption)),
        new("PublicAccessBlock", "publicAccessBlock", SettingKinds.PublicAccess, "PublicAccessBlockConfiguration", "BucketPublicAccessBlock",
            Missing("NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found"), (_, x) => x),
        new("BucketLifecycleConfiguration", "lifecycle", SettingKinds.Lifecycle, "LifecycleConfiguration", "LifecycleConfiguration",
            Missing("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"), (_, x) => LifecycleRule.Checked(x)),
        new("BucketWebsite", "website", SettingKinds.Website, "WebsiteConfiguration", "BucketWebsite", Missing("NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration"),
            (_, x) => Checked(x, WebsiteRules.Check)) { Remove = "s3:DeleteBucketWebsite" },
    ];

    public IEnumerable<Operation> Operations => All.SelectMany(setting => (Operation[])
    [
        new Operation("Get" + setting.Name, "GET", Scope.Bucket, call => Get(call, setting)) { Marker = setting.Query, Action = "s3:Get" + setting.Action },
        new Operation("Put" + setting.Name, "PUT", Scope.Bucket, call => Put(call, setting)) { Marker = setting.Query, Action = "s3:Put" + setting.Action },
        new Operation("Delete" + setting.Name, "DELETE", Scope.Bucket, call => Delete(call, setting)) { Marker = setting.Query, Action = setting.Remove ?? "s3:Put" + setting.Action },
    ]);

    private static Task Get(S3Call call, Setting setting) => call.Bucket[setting.Kind] is { } text
        ? call.Document(Encoding.UTF8.GetBytes(text))
        : throw setting.Missing;

    private async Task Put(S3Call call, Setting setting)
    {
        var root = setting.Check(call, await XmlInput.Read(call, setting.Root));
        await book.Change(call, bucket => bucket.With(setting.Kind, root.ToString(SaveOptions.DisableFormatting)));
        await call.Empty(setting.Kind == SettingKinds.Tagging ? HttpStatusCode.NoContent : HttpStatusCode.OK);
    }

    private async Task Delete(S3Call call, Setting setting)
    {
        await book.Change(call, bucket => bucket.With(setting.Kind, null));
        await call.Empty(HttpStatusCode.NoContent);
    }

    private static XElement Checked(XElement root, Action<XElement> check)
    {
        check(root);
        return root;
    }

    private static S3Fault Missing(string code, string message) => new(404, code, message);
}
