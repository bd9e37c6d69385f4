using System.Xml.Linq;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Policies;
using Ciel.Services.ObjectStorage.Query;

namespace Ciel.Services.ObjectStorage.Iam;

/// <summary>Managed policies: an account's own, each in one version, and those given to all.</summary>
internal sealed class ManagedPolicyApi(IamBook book, IamIds ids) : IQueryApi
{
    private const string OnlyVersion = "v1";

    public IEnumerable<QueryAction> Actions =>
    [
        QueryService.Iam.Action("CreatePolicy", Create),
        QueryService.Iam.Action("GetPolicy", Get),
        QueryService.Iam.Action("GetPolicyVersion", GetVersion),
        QueryService.Iam.Action("ListPolicies", List),
        QueryService.Iam.Action("ListPolicyVersions", ListVersions),
        QueryService.Iam.Action("DeletePolicy", Delete),
    ];

    private static XElement View(string element, string arn, IamRow? row) => new(
        element,
        new XElement("PolicyName", ManagedPolicies.Name(arn)),
        new XElement("PolicyId", row?.Id ?? "ANPA" + ManagedPolicies.Name(arn).ToUpperInvariant()),
        new XElement("Arn", arn),
        new XElement("Path", row?.Content.Path ?? "/"),
        new XElement("DefaultVersionId", OnlyVersion),
        new XElement("IsAttachable", true),
        row?.Created(),
        row?.Content.Description is { } words ? new XElement("Description", words) : null);

    private async Task<XElement[]?> Create(QueryCall query)
    {
        var (name, path) = (query.Name("PolicyName"), query.Path());
        IamBook.Require(query, "CreatePolicy", query.Arn(IamKinds.Policy, name, path));
        var text = IamBook.Policy(query.Required("PolicyDocument", 6144), PolicyKind.Identity);
        var row = new IamRow { Id = ids.Unique(IamKinds.Policy), ProjectId = query.Account(), Kind = IamKinds.Policy, Name = name, NameKey = name.ToLowerInvariant() };
        var made = await book.Create(query, row.With(new IamDocument { Path = path, Policy = text, Description = query.Optional("Description", 1000), Tags = query.Tags() }));
        return [View("Policy", made.Arn, made)];
    }

    private async Task<XElement[]?> Get(QueryCall query)
    {
        var (arn, row, _) = await Find(query, "GetPolicy");
        return [View("Policy", arn, row)];
    }

    private async Task<XElement[]?> GetVersion(QueryCall query)
    {
        var (_, _, text) = await Find(query, "GetPolicyVersion");
        return [new("PolicyVersion", new XElement("Document", Percent.Encode(text)), new XElement("VersionId", OnlyVersion), new XElement("IsDefaultVersion", true))];
    }

    private async Task<XElement[]?> ListVersions(QueryCall query)
    {
        await Find(query, "ListPolicyVersions");
        return [new("Versions", new XElement("member", new XElement("VersionId", OnlyVersion), new XElement("IsDefaultVersion", true))), new("IsTruncated", false)];
    }

    private async Task<XElement[]?> List(QueryCall query)
    {
        IamBook.Require(query, "ListPolicies", query.Arn(IamKinds.Policy, ""));
        var own = await book.Db.Read(r => IamStore.All(r, query.Account(), IamKinds.Policy), query.Call.Cancel);
        var all = own.Select(row => (row.Arn, Row: (IamRow?)row)).Concat(ManagedPolicies.Arns.Select(arn => (Arn: arn, Row: (IamRow?)null)))
            .Where(p => query["Scope"] switch { "Local" => p.Row is not null, "AWS" => p.Row is null, _ => true });
        return query.Page("Policies", all.OrderBy(p => p.Arn, StringComparer.Ordinal), p => p.Arn, p => View("member", p.Arn, p.Row));
    }

    private async Task<XElement[]?> Delete(QueryCall query)
    {
        var (arn, row, _) = await Find(query, "DeletePolicy");
        await book.Delete(query, IamKinds.Policy, (row ?? throw QueryFaults.NotAllowed(query.Call.Caller.Arn, "iam:DeletePolicy", arn)).Name, async (tx, _) =>
        {
            foreach (var kind in (string[])[IamKinds.User, IamKinds.Role, IamKinds.Group])
            {
                if ((await IamStore.All(tx, query.Account(), kind)).Exists(r => r.Content.Attached.Contains(arn)))
                {
                    return true;
                }
            }

            return false;
        });
        return null;
    }

    private async Task<(string Arn, IamRow? Row, string Text)> Find(QueryCall query, string action)
    {
        var arn = query.Required("PolicyArn", 2048);
        IamBook.Require(query, action, arn);
        return await book.Db.Read(
            async reader =>
            {
                var text = await ManagedPolicies.Text(reader, query.Account(), arn) ?? throw new S3Fault(404, "NoSuchEntity", $"Policy {arn} was not found.");
                var name = IamNames.Named(arn, query.Account(), IamKinds.Policy);
                return (arn, name is null ? null : await IamStore.Find(reader, query.Account(), IamKinds.Policy, name), text);
            },
            query.Call.Cancel);
    }
}
