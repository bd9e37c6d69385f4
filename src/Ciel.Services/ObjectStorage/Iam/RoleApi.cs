using System.Xml.Linq;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Policies;
using Ciel.Services.ObjectStorage.Query;

namespace Ciel.Services.ObjectStorage.Iam;

/// <summary>IAM roles.</summary>
internal sealed class RoleApi(IamBook book, IamIds ids) : IQueryApi
{
    private const int Hour = 3600;

    public IEnumerable<QueryAction> Actions =>
    [
        QueryService.Iam.Action("CreateRole", Create),
        QueryService.Iam.Action("GetRole", Get),
        QueryService.Iam.Action("ListRoles", List),
        QueryService.Iam.Action("UpdateRole", Update),
        QueryService.Iam.Action("UpdateRoleDescription", Update),
        QueryService.Iam.Action("UpdateAssumeRolePolicy", UpdateTrust),
        QueryService.Iam.Action("DeleteRole", Delete),
        QueryService.Iam.Action("TagRole", Tag),
        QueryService.Iam.Action("UntagRole", Untag),
        QueryService.Iam.Action("ListRoleTags", ListTags),
    ];

    private static XElement View(IamRow row, string element) => new(
        element,
        new XElement("Path", row.Content.Path),
        new XElement("RoleName", row.Name),
        new XElement("RoleId", row.Id),
        new XElement("Arn", row.Arn),
        row.Created(),
        new XElement("AssumeRolePolicyDocument", Percent.Encode(row.Content.Trust)),
        row.Content.Description is { } words ? new XElement("Description", words) : null,
        new XElement("MaxSessionDuration", row.Content.MaxSession),
        row.Tagged());

    private async Task<XElement[]?> Create(QueryCall query)
    {
        var (name, path) = (query.Name("RoleName"), query.Path());
        IamBook.Require(query, "CreateRole", query.Arn(IamKinds.Role, name, path));
        var content = new IamDocument
        {
            Path = path,
            Description = query.Optional("Description", 1000),
            Trust = IamBook.Policy(query.Required("AssumeRolePolicyDocument", 2048), PolicyKind.Trust),
            MaxSession = query.Number("MaxSessionDuration", Hour, Hour, 12 * Hour),
            Tags = query.Tags(),
        };
        var row = new IamRow { Id = ids.Unique(IamKinds.Role), ProjectId = query.Account(), Kind = IamKinds.Role, Name = name, NameKey = name.ToLowerInvariant() };
        return [View(await book.Create(query, row.With(content)), "Role")];
    }

    private async Task<XElement[]?> Get(QueryCall query)
    {
        var name = query.Name("RoleName");
        IamBook.Require(query, "GetRole", query.Arn(IamKinds.Role, name));
        return [View(await book.Get(query, IamKinds.Role, name), "Role")];
    }

    private async Task<XElement[]?> List(QueryCall query)
    {
        var prefix = query["PathPrefix"] ?? "/";
        IamBook.Require(query, "ListRoles", query.Arn(IamKinds.Role, "", prefix));
        var rows = await book.Db.Read(r => IamStore.All(r, query.Account(), IamKinds.Role), query.Call.Cancel);
        return query.Page("Roles", rows.Where(r => r.Content.Path.StartsWith(prefix, StringComparison.Ordinal)), r => r.NameKey, r => View(r, "member"));
    }

    private async Task<XElement[]?> Update(QueryCall query)
    {
        await Change(query, "UpdateRole", content => content with
        {
            Description = query.Optional("Description", 1000) ?? content.Description,
            MaxSession = query.Number("MaxSessionDuration", content.MaxSession, Hour, 12 * Hour),
        });
        return query["Action"] == "UpdateRole" ? [] : [View(await book.Get(query, IamKinds.Role, query.Name("RoleName")), "Role")];
    }

    private async Task<XElement[]?> UpdateTrust(QueryCall query)
    {
        var trust = IamBook.Policy(query.Required("PolicyDocument", 2048), PolicyKind.Trust);
        await Change(query, "UpdateAssumeRolePolicy", content => content with { Trust = trust });
        return null;
    }

    private async Task<XElement[]?> Delete(QueryCall query)
    {
        var name = query.Name("RoleName");
        IamBook.Require(query, "DeleteRole", query.Arn(IamKinds.Role, name));
        await book.Delete(query, IamKinds.Role, name, (_, _) => Task.FromResult(false));
        return null;
    }

    private async Task<XElement[]?> Tag(QueryCall query)
    {
        await Change(query, "TagRole", content => content with { Tags = new Dictionary<string, string>(content.Tags.Where(t => !query.Tags().ContainsKey(t.Key)).Concat(query.Tags())) });
        return null;
    }

    private async Task<XElement[]?> Untag(QueryCall query)
    {
        await Change(query, "UntagRole", content => content with { Tags = new Dictionary<string, string>(content.Tags.Where(t => !query.List("TagKeys").Contains(t.Key))) });
        return null;
    }

    private async Task<XElement[]?> ListTags(QueryCall query)
    {
        var name = query.Name("RoleName");
        IamBook.Require(query, "ListRoleTags", query.Arn(IamKinds.Role, name));
        return [(await book.Get(query, IamKinds.Role, name)).Tagged() ?? new XElement("Tags"), new XElement("IsTruncated", false)];
    }

    private Task Change(QueryCall query, string action, Func<IamDocument, IamDocument> change)
    {
        var name = query.Name("RoleName");
        IamBook.Require(query, action, query.Arn(IamKinds.Role, name));
        return book.Change(query, IamKinds.Role, name, row => row.With(change(row.Content)));
    }
}
