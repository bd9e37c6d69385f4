using System.Net;
using Ciel.Services.ObjectStorage.Access;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Settings;

/// <summary>Ownership controls and a bucket's access control list.</summary>
internal sealed class OwnershipApi(BucketBook book, AclHeaders headers, Accounts accounts) : IObjectApi
{
    public IEnumerable<Operation> Operations =>
    [
        new Operation("GetBucketOwnershipControls", "GET", Scope.Bucket, Get) { Marker = "ownershipControls", Action = "s3:GetBucketOwnershipControls" },
        new Operation("PutBucketOwnershipControls", "PUT", Scope.Bucket, Put) { Marker = "ownershipControls", Action = "s3:PutBucketOwnershipControls" },
        new Operation("DeleteBucketOwnershipControls", "DELETE", Scope.Bucket, Delete) { Marker = "ownershipControls", Action = "s3:PutBucketOwnershipControls" },
        new Operation("GetBucketAcl", "GET", Scope.Bucket, GetAcl) { Marker = "acl", Action = "s3:GetBucketAcl", Permission = "READ_ACP" },
        new Operation("PutBucketAcl", "PUT", Scope.Bucket, PutAcl) { Marker = "acl", Action = "s3:PutBucketAcl", Permission = "WRITE_ACP" },
    ];

    private static Task Get(S3Call call) => call.Bucket[SettingKinds.Ownership] is { } ownership
        ? call.Xml("OwnershipControls", xml => xml.Element("Rule", () => xml.Text("ObjectOwnership", ownership)))
        : throw new S3Fault(404, "OwnershipControlsNotFoundError", "The bucket ownership controls were not found");

    private async Task Put(S3Call call)
    {
        var root = await XmlInput.Read(call, "OwnershipControls");
        var ownership = root.All("Rule").ToList() is [var rule] ? rule.Text("ObjectOwnership") : null;
        if (ownership is not ("BucketOwnerEnforced" or "BucketOwnerPreferred" or "ObjectWriter"))
        {
            throw Faults.MalformedXml();
        }

        await book.Change(call, bucket => ownership == "BucketOwnerEnforced" && !AccountRules.GivesOnlyOwner(bucket.Acl, bucket.ProjectId)
            ? throw new S3Fault(400, "InvalidBucketAclWithObjectOwnership", "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting")
            : bucket.With(SettingKinds.Ownership, ownership));
        await call.Empty();
    }

    private async Task Delete(S3Call call)
    {
        await book.Change(call, bucket => bucket.With(SettingKinds.Ownership, null));
        await call.Empty(HttpStatusCode.NoContent);
    }

    private static Task GetAcl(S3Call call) => call.Xml("AccessControlPolicy", xml => AclWire.Write(xml, call.Bucket.Acl));

    private async Task PutAcl(S3Call call)
    {
        var owner = (call.Bucket.ProjectId, call.Bucket.OwnerName);
        var acl = await AclWire.Set(call, await headers.Read(call, owner, owner), owner, accounts);
        if (call.Bucket.AclsDisabled)
        {
            throw AccountRules.AclsDisabled();
        }

        if (acl.IsPublic && PublicAccess.Of(call.Bucket).BlockPublicAcls)
        {
            throw Faults.AccessDenied();
        }

        await book.Change(call, bucket => bucket.With(SettingKinds.Acl, acl.Text));
        await call.Empty();
    }
}
