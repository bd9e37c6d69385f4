using System.Xml.Linq;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Policies;
using Ciel.Services.ObjectStorage.Query;

namespace Ciel.Services.ObjectStorage.Iam;

/// <summary>Policies of users, roles and groups: their own, and managed ones that are attached. The same seven actions for each of the three.</summary>
internal sealed class OwnPolicyApi(IamBook book) : IQueryApi
{
    private const int MostAttached = 20;
    private static readonly (string Word, string Kind, int Longest)[] Bearers = [("User", IamKinds.User, 2048), ("Role", IamKinds.Role, 10_240), ("Group", IamKinds.Group, 5120)];

    public IEnumerable<QueryAction> Actions => Bearers.SelectMany(of => (QueryAction[])
    [
        QueryService.Iam.Action($"Put{of.Word}Policy", q => Put(q, of.Word, of.Kind, of.Longest)),
        QueryService.Iam.Action($"Get{of.Word}Policy", q => Get(q, of.Word, of.Kind)),
        QueryService.Iam.Action($"List{of.Word}Policies", q => List(q, of.Word, of.Kind)),
        QueryService.Iam.Action($"Delete{of.Word}Policy", q => Delete(q, of.Word, of.Kind)),
        QueryService.Iam.Action($"Attach{of.Word}Policy", q => Attach(q, of.Word, of.Kind)),
        QueryService.Iam.Action($"Detach{of.Word}Policy", q => Detach(q, of.Word, of.Kind)),
        QueryService.Iam.Action($"ListAttached{of.Word}Policies", q => ListAttached(q, of.Word, of.Kind)),
    ]);

    private async Task<XElement[]?> Put(QueryCall query, string word, string kind, int longest)
    {
        var (bearer, name) = (Bearer(query, $"Put{word}Policy", word, kind), query.Name("PolicyName"));
        var text = IamBook.Policy(query.Required("PolicyDocument"), PolicyKind.Identity);
        await book.Change(query, kind, bearer, row =>
        {
            var inline = new Dictionary<string, string>(row.Content.Inline) { [name] = text };
            return inline.Values.Sum(p => p.Length) <= longest ? row.With(row.Content with { Inline = inline })
                : throw IamBook.Limit($"Maximum policy size of {longest} bytes exceeded for {kind} {bearer}");
        });
        return null;
    }

    private async Task<XElement[]?> Get(QueryCall query, string word, string kind)
    {
        var (bearer, name) = (Bearer(query, $"Get{word}Policy", word, kind), query.Name("PolicyName"));
        var text = (await book.Get(query, kind, bearer)).Content.Inline.GetValueOrDefault(name) ?? throw IamBook.Missing("policy", name);
        return [new XElement(word + "Name", bearer), new XElement("PolicyName", name), new XElement("PolicyDocument", Percent.Encode(text))];
    }

    private async Task<XElement[]?> List(QueryCall query, string word, string kind)
    {
        var row = await book.Get(query, kind, Bearer(query, $"List{word}Policies", word, kind));
        return query.Page("PolicyNames", row.Content.Inline.Keys.Order(StringComparer.Ordinal), name => name, name => new XElement("member", name));
    }

    private async Task<XElement[]?> Delete(QueryCall query, string word, string kind)
    {
        var (bearer, name) = (Bearer(query, $"Delete{word}Policy", word, kind), query.Name("PolicyName"));
        await book.Change(query, kind, bearer, row => row.Content.Inline.ContainsKey(name)
            ? row.With(row.Content with { Inline = new Dictionary<string, string>(row.Content.Inline.Where(p => p.Key != name)) })
            : throw IamBook.Missing("policy", name));
        return null;
    }

    private async Task<XElement[]?> Attach(QueryCall query, string word, string kind)
    {
        var (bearer, arn) = (Bearer(query, $"Attach{word}Policy", word, kind), query.Required("PolicyArn", 2048));
        await book.Change(query, kind, bearer, async (tx, row) =>
        {
            _ = await ManagedPolicies.Text(tx, query.Account(), arn) ?? throw new S3Fault(404, "NoSuchEntity", $"Policy {arn} does not exist or is not attachable.");
            var attached = row.Content.Attached.Contains(arn) ? row.Content.Attached : [.. row.Content.Attached, arn];
            return attached.Count <= MostAttached ? row.With(row.Content with { Attached = attached }) : throw IamBook.Limit($"Cannot exceed quota for attached policies: {MostAttached}");
        });
        return null;
    }

    private async Task<XElement[]?> Detach(QueryCall query, string word, string kind)
    {
        var (bearer, arn) = (Bearer(query, $"Detach{word}Policy", word, kind), query.Required("PolicyArn", 2048));
        await book.Change(query, kind, bearer, row => row.Content.Attached.Contains(arn)
            ? row.With(row.Content with { Attached = [.. row.Content.Attached.Where(a => a != arn)] })
            : throw new S3Fault(404, "NoSuchEntity", $"Policy {arn} was not found."));
        return null;
    }

    private async Task<XElement[]?> ListAttached(QueryCall query, string word, string kind)
    {
        var row = await book.Get(query, kind, Bearer(query, $"ListAttached{word}Policies", word, kind));
        return query.Page("AttachedPolicies", row.Content.Attached.Order(StringComparer.Ordinal), arn => arn,
            arn => new XElement("member", new XElement("PolicyName", ManagedPolicies.Name(arn)), new XElement("PolicyArn", arn)));
    }

    private static string Bearer(QueryCall query, string action, string word, string kind)
    {
        var name = query.Name(word + "Name");
        IamBook.Require(query, action, query.Arn(kind, name));
        return name;
    }
}
