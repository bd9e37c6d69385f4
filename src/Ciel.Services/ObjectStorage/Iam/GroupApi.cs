using System.Xml.Linq;
using Ciel.Services.ObjectStorage.Query;

namespace Ciel.Services.ObjectStorage.Iam;

/// <summary>IAM groups and who is in them.</summary>
internal sealed class GroupApi(IamBook book, IamIds ids) : IQueryApi
{
    private const int MostGroups = 10;

    public IEnumerable<QueryAction> Actions =>
    [
        QueryService.Iam.Action("CreateGroup", Create),
        QueryService.Iam.Action("GetGroup", Get),
        QueryService.Iam.Action("ListGroups", List),
        QueryService.Iam.Action("UpdateGroup", Update),
        QueryService.Iam.Action("DeleteGroup", Delete),
        QueryService.Iam.Action("AddUserToGroup", Add),
        QueryService.Iam.Action("RemoveUserFromGroup", Remove),
        QueryService.Iam.Action("ListGroupsForUser", OfUser),
    ];

    private static XElement View(IamRow row, string element) => new(
        element, new XElement("Path", row.Content.Path), new XElement("GroupName", row.Name), new XElement("GroupId", row.Id), new XElement("Arn", row.Arn), row.Created());

    private async Task<XElement[]?> Create(QueryCall query)
    {
        var (name, path) = (query.Name("GroupName"), query.Path());
        IamBook.Require(query, "CreateGroup", query.Arn(IamKinds.Group, name, path));
        var row = new IamRow { Id = ids.Unique(IamKinds.Group), ProjectId = query.Account(), Kind = IamKinds.Group, Name = name, NameKey = name.ToLowerInvariant() };
        return [View(await book.Create(query, row.With(new IamDocument { Path = path })), "Group")];
    }

    private async Task<XElement[]?> Get(QueryCall query)
    {
        var name = query.Name("GroupName");
        IamBook.Require(query, "GetGroup", query.Arn(IamKinds.Group, name));
        var group = await book.Get(query, IamKinds.Group, name);
        var users = await book.Db.Read(r => IamStore.All(r, query.Account(), IamKinds.User), query.Call.Cancel);
        return query.Page("Users", users.Where(u => u.Content.Groups.Contains(group.Id)), u => u.NameKey, u => UserApi.View(u, "member"), View(group, "Group"));
    }

    private async Task<XElement[]?> List(QueryCall query)
    {
        var prefix = query["PathPrefix"] ?? "/";
        IamBook.Require(query, "ListGroups", query.Arn(IamKinds.Group, "", prefix));
        var rows = await book.Db.Read(r => IamStore.All(r, query.Account(), IamKinds.Group), query.Call.Cancel);
        return query.Page("Groups", rows.Where(r => r.Content.Path.StartsWith(prefix, StringComparison.Ordinal)), r => r.NameKey, r => View(r, "member"));
    }

    private async Task<XElement[]?> Update(QueryCall query)
    {
        var (name, renamed) = (query.Name("GroupName"), query.OptionalName("NewGroupName"));
        IamBook.Require(query, "UpdateGroup", query.Arn(IamKinds.Group, name));
        await book.Change(query, IamKinds.Group, name, row => row.With(row.Content with { Path = query.Path("NewPath", row.Content.Path) }, renamed));
        return null;
    }

    private async Task<XElement[]?> Delete(QueryCall query)
    {
        var name = query.Name("GroupName");
        IamBook.Require(query, "DeleteGroup", query.Arn(IamKinds.Group, name));
        await book.Delete(query, IamKinds.Group, name, async (tx, row) => (await IamStore.All(tx, row.ProjectId, IamKinds.User)).Exists(u => u.Content.Groups.Contains(row.Id)));
        return null;
    }

    private Task<XElement[]?> Add(QueryCall query) => Change(query, "AddUserToGroup", (groups, group) => groups.Contains(group) ? groups
        : groups.Count < MostGroups ? [.. groups, group] : throw IamBook.Limit($"Cannot exceed quota for GroupsPerUser: {MostGroups}"));

    private Task<XElement[]?> Remove(QueryCall query) =>
        Change(query, "RemoveUserFromGroup", (groups, group) => groups.Contains(group) ? [.. groups.Where(g => g != group)] : throw IamBook.Missing(IamKinds.User, query.Name("UserName")));

    private async Task<XElement[]?> OfUser(QueryCall query)
    {
        var name = query.Name("UserName");
        IamBook.Require(query, "ListGroupsForUser", query.Arn(IamKinds.User, name));
        var user = await book.Get(query, IamKinds.User, name);
        var groups = await book.Db.Read(r => IamStore.All(r, query.Account(), IamKinds.Group), query.Call.Cancel);
        return query.Page("Groups", groups.Where(g => user.Content.Groups.Contains(g.Id)), g => g.NameKey, g => View(g, "member"));
    }

    private async Task<XElement[]?> Change(QueryCall query, string action, Func<IReadOnlyList<string>, string, IReadOnlyList<string>> change)
    {
        var (group, user) = (query.Name("GroupName"), query.Name("UserName"));
        IamBook.Require(query, action, query.Arn(IamKinds.Group, group));
        await book.Change(query, IamKinds.User, user, async (tx, row) =>
        {
            var found = await IamStore.Find(tx, query.Account(), IamKinds.Group, group) ?? throw IamBook.Missing(IamKinds.Group, group);
            return row.With(row.Content with { Groups = change(row.Content.Groups, found.Id) });
        });
        return null;
    }
}
