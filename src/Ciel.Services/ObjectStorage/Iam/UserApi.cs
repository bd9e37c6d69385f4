using System.Xml.Linq;
using Ciel.Services.ObjectStorage.Query;

namespace Ciel.Services.ObjectStorage.Iam;

/// <summary>IAM users.</summary>
internal sealed class UserApi(IamBook book, IamIds ids) : IQueryApi
{
    public IEnumerable<QueryAction> Actions =>
    [
        QueryService.Iam.Action("CreateUser", Create),
        QueryService.Iam.Action("GetUser", Get),
        QueryService.Iam.Action("ListUsers", List),
        QueryService.Iam.Action("UpdateUser", Update),
        QueryService.Iam.Action("DeleteUser", Delete),
    ];

    public static XElement View(IamRow row, string element) => new(
        element, new XElement("Path", row.Content.Path), new XElement("UserName", row.Name), new XElement("UserId", row.Id), new XElement("Arn", row.Arn), row.Created(), row.Tagged());

    private async Task<XElement[]?> Create(QueryCall query)
    {
        var (name, path) = (UserName(query, "UserName"), query.Path());
        IamBook.Require(query, "CreateUser", query.Arn(IamKinds.User, name, path));
        var row = new IamRow { Id = ids.Unique(IamKinds.User), ProjectId = query.Account(), Kind = IamKinds.User, Name = name, NameKey = name.ToLowerInvariant() };
        return [View(await book.Create(query, row.With(new IamDocument { Path = path, Tags = query.Tags() })), "User")];
    }

    private async Task<XElement[]?> Get(QueryCall query)
    {
        if ((query.OptionalName("UserName") ?? query.Call.Caller.UserName) is not { } name)
        {
            // The account's root, which has no name and was not made here.
            IamBook.Require(query, "GetUser", query.Call.Caller.Arn);
            return [new XElement("User", new XElement("Path", "/"), new XElement("UserId", query.Call.Caller.UserId), new XElement("Arn", query.Call.Caller.Arn), new XElement("CreateDate", "1970-01-01T00:00:00Z"))];
        }

        IamBook.Require(query, "GetUser", query.Arn(IamKinds.User, name));
        return [View(await book.Get(query, IamKinds.User, name), "User")];
    }

    private async Task<XElement[]?> List(QueryCall query)
    {
        var prefix = query["PathPrefix"] ?? "/";
        IamBook.Require(query, "ListUsers", query.Arn(IamKinds.User, "", prefix));
        var rows = await book.Db.Read(r => IamStore.All(r, query.Account(), IamKinds.User), query.Call.Cancel);
        return query.Page("Users", rows.Where(r => r.Content.Path.StartsWith(prefix, StringComparison.Ordinal)), r => r.NameKey, r => View(r, "member"));
    }

    private async Task<XElement[]?> Update(QueryCall query)
    {
        var (name, renamed) = (query.Name("UserName"), query.Optional("NewUserName") is null ? null : UserName(query, "NewUserName"));
        IamBook.Require(query, "UpdateUser", query.Arn(IamKinds.User, name));
        await book.Change(query, IamKinds.User, name, row => row.With(row.Content with { Path = query.Path("NewPath", row.Content.Path) }, renamed));
        return null;
    }

    private async Task<XElement[]?> Delete(QueryCall query)
    {
        var name = query.Name("UserName");
        IamBook.Require(query, "DeleteUser", query.Arn(IamKinds.User, name));
        await book.Delete(query, IamKinds.User, name, async (tx, row) => (await IamStore.Keys(tx, row.Id)).Count > 0);
        return null;
    }

    // Policies name Keystone's users by their ids: nobody may call himself so.
    private static string UserName(QueryCall query, string parameter) => query.Name(parameter) is { Length: 32 } name && name.All(char.IsAsciiHexDigit)
        ? throw QueryFaults.Invalid($"{parameter} may not be an id of Keystone's form.")
        : query.Name(parameter);
}
