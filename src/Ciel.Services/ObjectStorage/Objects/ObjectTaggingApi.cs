using System.Net;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Objects;

/// <summary>Tags of objects.</summary>
internal sealed class ObjectTaggingApi(ObjectLookup lookup, VersionBook book) : IObjectApi
{
    public IEnumerable<Operation> Operations =>
    [
        new Operation("GetObjectTagging", "GET", Scope.Object, Get) { Marker = "tagging" },
        new Operation("PutObjectTagging", "PUT", Scope.Object, Put) { Marker = "tagging" },
        new Operation("DeleteObjectTagging", "DELETE", Scope.Object, Delete) { Marker = "tagging" },
    ];

    private async Task Get(S3Call call)
    {
        var row = await Find(call, "s3:GetObjectTagging");
        await call.Document(TagSet.Xml(TagSet.Parse(row.Tags)));
    }

    private async Task Put(S3Call call)
    {
        await Find(call, "s3:PutObjectTagging");
        var tags = TagSet.ParseXml(await XmlInput.Read(call, "Tagging"));
        await book.Change(call, row => row with { Tags = TagSet.Text(tags) });
        await call.Empty();
    }

    private async Task Delete(S3Call call)
    {
        await Find(call, "s3:DeleteObjectTagging");
        await book.Change(call, row => row with { Tags = "{}" });
        await call.Empty(HttpStatusCode.NoContent);
    }

    // No list grants tags: only owner and policy do.
    private async Task<VersionRow> Find(S3Call call, string action)
    {
        var row = await lookup.Find(call, action, "TAGS");
        call.Answer("x-amz-version-id", call.Bucket.EverVersioned ? row.VersionId : null);
        return row;
    }
}
