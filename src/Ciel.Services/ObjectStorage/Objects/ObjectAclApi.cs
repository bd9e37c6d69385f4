using Ciel.Services.ObjectStorage.Access;
using Ciel.Services.ObjectStorage.Door;

namespace Ciel.Services.ObjectStorage.Objects;

/// <summary>Access control lists of objects.</summary>
internal sealed class ObjectAclApi(ObjectLookup lookup, VersionBook book, AclHeaders headers, Accounts accounts) : IObjectApi
{
    public IEnumerable<Operation> Operations =>
    [
        new Operation("GetObjectAcl", "GET", Scope.Object, Get) { Marker = "acl" },
        new Operation("PutObjectAcl", "PUT", Scope.Object, Put) { Marker = "acl" },
    ];

    private async Task Get(S3Call call)
    {
        var row = await lookup.Find(call, "s3:GetObjectAcl", "READ_ACP");
        var acl = call.Bucket.AclsDisabled ? Acl.Private(call.Bucket.ProjectId, call.Bucket.OwnerName) : row.AccessList;
        await call.Xml("AccessControlPolicy", xml => AclWire.Write(xml, acl));
    }

    private async Task Put(S3Call call)
    {
        var row = await lookup.Find(call, "s3:PutObjectAcl", "WRITE_ACP");
        var owner = (row.OwnerId, row.OwnerName);
        var acl = await AclWire.Set(call, await headers.Read(call, owner, (call.Bucket.ProjectId, call.Bucket.OwnerName)), owner, accounts);
        if (call.Bucket.AclsDisabled)
        {
            throw AccountRules.AclsDisabled();
        }

        if (acl.IsPublic && PublicAccess.Of(call.Bucket).BlockPublicAcls)
        {
            throw Faults.AccessDenied();
        }

        await book.Change(call, version => version with { Acl = acl.Text });
        call.Answer("x-amz-version-id", call.Bucket.EverVersioned ? row.VersionId : null);
        await call.Empty();
    }
}
