using System.Xml.Linq;
using Ciel.Services.ObjectStorage.Query;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Iam;

/// <summary>Access keys of IAM users. The root's are Keystone's EC2 credentials and are made there.</summary>
internal sealed class KeyApi(IamBook book, IamKeys keys, IamIds ids) : IQueryApi
{
    public const int Most = 2;

    public IEnumerable<QueryAction> Actions =>
    [
        QueryService.Iam.Action("CreateAccessKey", Create),
        QueryService.Iam.Action("ListAccessKeys", List),
        QueryService.Iam.Action("UpdateAccessKey", Update),
        QueryService.Iam.Action("DeleteAccessKey", Delete),
    ];

    private async Task<XElement[]?> Create(QueryCall query)
    {
        var name = Whose(query, "CreateAccessKey");
        var (access, secret) = (ids.Access(temporary: false), ids.Secret());
        var hidden = await keys.Seal(access, secret);
        IamKeyRow? made = null;
        await book.Write(query, "create", "access-key", access, async tx =>
        {
            var user = await IamStore.Find(tx, query.Account(), IamKinds.User, name) ?? throw IamBook.Missing(IamKinds.User, name);
            if ((await IamStore.Keys(tx, user.Id)).Count >= Most)
            {
                throw IamBook.Limit($"Cannot exceed quota for AccessKeysPerUser: {Most}");
            }

            made = new IamKeyRow { Access = access, ProjectId = query.Account(), UserId = user.Id, Secret = hidden, CreatedAt = tx.Now };
            await IamStore.Insert(tx, made);
        });
        return [new XElement("AccessKey", View(name, made!), new XElement("SecretAccessKey", secret))];
    }

    private async Task<XElement[]?> List(QueryCall query)
    {
        var user = await book.Get(query, IamKinds.User, Whose(query, "ListAccessKeys"));
        var rows = await book.Db.Read(r => IamStore.Keys(r, user.Id), query.Call.Cancel);
        return query.Page("AccessKeyMetadata", rows, r => r.Access, r => new XElement("member", View(user.Name, r)));
    }

    private async Task<XElement[]?> Update(QueryCall query)
    {
        var (name, access) = (Whose(query, "UpdateAccessKey"), query.Required("AccessKeyId", 128));
        var active = query.Required("Status") switch
        {
            "Active" => true,
            "Inactive" => false,
            _ => throw QueryFaults.Invalid("Status must be Active or Inactive."),
        };
        await book.Write(query, "update", "access-key", access, async tx =>
        {
            var user = await IamStore.Find(tx, query.Account(), IamKinds.User, name) ?? throw IamBook.Missing(IamKinds.User, name);
            Found(await IamStore.Activate(tx, user.Id, access, active), access);
        });
        return null;
    }

    private async Task<XElement[]?> Delete(QueryCall query)
    {
        var (name, access) = (Whose(query, "DeleteAccessKey"), query.Required("AccessKeyId", 128));
        await book.Write(query, "delete", "access-key", access, async tx =>
        {
            var user = await IamStore.Find(tx, query.Account(), IamKinds.User, name) ?? throw IamBook.Missing(IamKinds.User, name);
            Found(await IamStore.DeleteKey(tx, user.Id, access), access);
        });
        return null;
    }

    private static string Whose(QueryCall query, string action)
    {
        var name = query.OptionalName("UserName") ?? query.Call.Caller.UserName
            ?? throw QueryFaults.Invalid("UserName is missing. Keys of the account's root are Keystone's: `openstack ec2 credentials` makes, lists and deletes them.");
        IamBook.Require(query, action, query.Arn(IamKinds.User, name));
        return name;
    }

    private static void Found(int rows, string access)
    {
        if (rows == 0)
        {
            throw IamBook.Missing("access key", access);
        }
    }

    private static XElement[] View(string user, IamKeyRow row) =>
    [
        new("UserName", user), new("AccessKeyId", row.Access), new("Status", row.Active ? "Active" : "Inactive"), new("CreateDate", Instants.Iso(Instants.Seconds(row.CreatedAt))),
    ];
}
