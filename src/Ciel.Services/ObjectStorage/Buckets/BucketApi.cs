using System.Net;
using System.Xml.Linq;
using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Access;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Objects;
using Ciel.Services.ObjectStorage.Settings;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Buckets;

/// <summary>Buckets themselves: list, make, look, remove, location.</summary>
internal sealed class BucketApi(Db db, BucketBook book, AclHeaders lists) : IObjectApi
{
    private const int Most = 10_000;

    public IEnumerable<Operation> Operations =>
    [
        new Operation("ListBuckets", "GET", Scope.Service, List),
        new Operation("CreateBucket", "PUT", Scope.Bucket, Create) { WithoutBucket = true },
        new Operation("HeadBucket", "HEAD", Scope.Bucket, Head) { Action = "s3:ListBucket", Permission = "READ" },
        new Operation("DeleteBucket", "DELETE", Scope.Bucket, Delete) { Action = "s3:DeleteBucket" },
        new Operation("GetBucketLocation", "GET", Scope.Bucket, Location) { Marker = "location", Action = "s3:GetBucketLocation" },
    ];

    private async Task List(S3Call call)
    {
        var account = call.Caller.AccountId;
        if (account is not null)
        {
            Authorizer.Account(call, "s3:ListAllMyBuckets", "arn:aws:s3:::*");
        }

        var most = call.Number("max-buckets", Most, 1, int.MaxValue);
        if (most > Most)
        {
            throw Faults.InvalidArgument("max-buckets", call.Query("max-buckets"), $"Argument max-buckets must be an integer between 1 and {Most}.");
        }

        var prefix = call.Query("prefix") ?? "";
        var rows = account is null ? [] : await db.Read(r => BucketStore.OfProject(r, account, call.Query("continuation-token") ?? "", prefix, most + 1), call.Cancel);
        await call.Xml("ListAllMyBucketsResult", xml =>
        {
            xml.Account("Owner", account ?? "anonymous", call.Caller.AccountName);
            xml.Element("Buckets", () =>
            {
                // What has a slash is a container whose name S3 cannot say.
                foreach (var row in rows.Take(most).Where(r => !r.Name.Contains('/', StringComparison.Ordinal)))
                {
                    xml.Element("Bucket", () =>
                    {
                        xml.Text("Name", row.Name);
                        xml.Instant("CreationDate", row.CreatedAt);
                        xml.Text("BucketRegion", call.Query("max-buckets") is null ? null : ObjectDoorOptions.Region);
                    });
                }
            });
            xml.Text("ContinuationToken", rows.Count > most ? rows[most - 1].Name : null);
            xml.Text("Prefix", prefix.Length > 0 ? prefix : null);
        });
    }

    private async Task Create(S3Call call)
    {
        Authorizer.Account(call, "s3:CreateBucket", "arn:aws:s3:::" + call.BucketName);
        var account = call.Caller.AccountId!;
        BucketNames.Require(call.BucketName);
        var (location, tags) = await ReadConfiguration(call);
        var ownership = call.Header("x-amz-object-ownership");
        if (ownership is not (null or "BucketOwnerEnforced" or "BucketOwnerPreferred" or "ObjectWriter"))
        {
            throw Faults.InvalidArgument("x-amz-object-ownership", ownership, "Invalid ObjectOwnership value");
        }

        var owner = (account, call.Caller.AccountName);
        var acl = await lists.Read(call, owner, owner);
        if (acl is not null && ownership == "BucketOwnerEnforced" && !AccountRules.GivesOnlyOwner(acl, account))
        {
            throw new S3Fault(400, "InvalidBucketAclWithObjectOwnership", "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting");
        }

        var locking = call.Header("x-amz-bucket-object-lock-enabled")?.Equals("true", StringComparison.OrdinalIgnoreCase) == true;
        var row = new BucketRow { Id = "", Name = call.BucketName, ProjectId = account, OwnerName = call.Caller.AccountName, Locking = locking, Versioning = locking ? "Enabled" : "" };
        await book.Create(call, row.With(SettingKinds.Location, location).With(SettingKinds.Acl, acl?.Text).With(SettingKinds.Ownership, ownership).With(SettingKinds.Tagging, tags));
        call.Answer("Location", "/" + call.BucketName);
        await call.Empty();
    }

    private static async Task<(string? Location, string? Tags)> ReadConfiguration(S3Call call)
    {
        if (call.Http.Request.ContentLength is null or 0)
        {
            return (null, null);
        }

        var root = await XmlInput.Read(call, "CreateBucketConfiguration");
        return (Location(root.Text("LocationConstraint")), root.One("Tags") is { } tags ? Tagging(tags) : null);
    }

    private static string? Tagging(XElement tags)
    {
        var root = XmlInput.Parse(TagSet.Xml(TagSet.ParseList(tags, Durability.MostTags)), "Tagging");
        Durability.Check(root);
        return root.ToString(SaveOptions.DisableFormatting);
    }

    private static string? Location(string? region) =>
        string.IsNullOrEmpty(region) || region == ObjectDoorOptions.Region ? null : region == ObjectDoorOptions.CloudRegion
            ? region
            : throw new S3Fault(400, "InvalidLocationConstraint", "The specified location-constraint is not valid") { Extra = [("LocationConstraint", region)] };

    private async Task Head(S3Call call)
    {
        call.Answer("x-amz-bucket-region", ObjectDoorOptions.Region);
        if (call.Query("read-stats") == "true")
        {
            await db.Read(
                async r =>
                {
                    await UsageApi.Tell(call, r);
                    return true;
                },
                call.Cancel);
        }

        await call.Empty();
    }

    private async Task Delete(S3Call call)
    {
        await book.Delete(call);
        await call.Empty(HttpStatusCode.NoContent);
    }

    // us-east-1 is told as nothing, as S3 does.
    private static Task Location(S3Call call) => call.Xml("LocationConstraint", xml => xml.WriteString(call.Bucket[SettingKinds.Location]));
}
