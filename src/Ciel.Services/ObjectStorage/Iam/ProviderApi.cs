using System.Xml.Linq;
using Ciel.Services.ObjectStorage.Query;

namespace Ciel.Services.ObjectStorage.Iam;

/// <summary>OpenID Connect providers whose word an account takes for who somebody is.</summary>
internal sealed class ProviderApi(IamBook book, IamIds ids) : IQueryApi
{
    private const int MostClients = 100;
    private const int MostThumbprints = 5;

    public IEnumerable<QueryAction> Actions =>
    [
        QueryService.Iam.Action("CreateOpenIDConnectProvider", Create),
        QueryService.Iam.Action("GetOpenIDConnectProvider", Get),
        QueryService.Iam.Action("ListOpenIDConnectProviders", List),
        QueryService.Iam.Action("DeleteOpenIDConnectProvider", Delete),
        QueryService.Iam.Action("AddClientIDToOpenIDConnectProvider", AddClient),
        QueryService.Iam.Action("RemoveClientIDFromOpenIDConnectProvider", RemoveClient),
        QueryService.Iam.Action("UpdateOpenIDConnectProviderThumbprint", UpdateThumbprints),
    ];

    private async Task<XElement[]?> Create(QueryCall query)
    {
        var url = query.Required("Url", 255);
        // Without TLS only on this machine: keys that came in the clear prove nothing.
        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || !(parsed.Scheme == "https" || (parsed.Scheme == "http" && parsed.IsLoopback)) || parsed.Query.Length > 0 || parsed.UserInfo.Length > 0)
        {
            throw QueryFaults.Invalid("Url must be an https:// address without a query.");
        }

        var name = url[(url.IndexOf("://", StringComparison.Ordinal) + 3)..].TrimEnd('/');
        IamBook.Require(query, "CreateOpenIDConnectProvider", query.Arn(IamKinds.Provider, name));
        var content = new IamDocument { Url = url, Clients = Clients(query.List("ClientIDList")), Thumbprints = Thumbprints(query), Tags = query.Tags() };
        var row = new IamRow { Id = ids.Unique(IamKinds.Provider), ProjectId = query.Account(), Kind = IamKinds.Provider, Name = name, NameKey = name.ToLowerInvariant() };
        return [new XElement("OpenIDConnectProviderArn", (await book.Create(query, row.With(content))).Arn)];
    }

    private async Task<XElement[]?> Get(QueryCall query)
    {
        var row = await book.Get(query, IamKinds.Provider, Named(query, "GetOpenIDConnectProvider"));
        return
        [
            new("Url", row.Name), new("ClientIDList", row.Content.Clients.Select(c => new XElement("member", c))),
            new("ThumbprintList", row.Content.Thumbprints.Select(t => new XElement("member", t))), row.Created(), row.Tagged() ?? new XElement("Tags"),
        ];
    }

    private async Task<XElement[]?> List(QueryCall query)
    {
        IamBook.Require(query, "ListOpenIDConnectProviders", query.Arn(IamKinds.Provider, ""));
        var rows = await book.Db.Read(r => IamStore.All(r, query.Account(), IamKinds.Provider), query.Call.Cancel);
        return [new("OpenIDConnectProviderList", rows.Select(r => new XElement("member", new XElement("Arn", r.Arn))))];
    }

    private async Task<XElement[]?> Delete(QueryCall query)
    {
        await book.Delete(query, IamKinds.Provider, Named(query, "DeleteOpenIDConnectProvider"), (_, _) => Task.FromResult(false));
        return null;
    }

    private Task<XElement[]?> AddClient(QueryCall query) => Change(
        query, "AddClientIDToOpenIDConnectProvider", c => c with { Clients = Clients([.. c.Clients.Append(query.Required("ClientID", 255)).Distinct()]) });

    private Task<XElement[]?> RemoveClient(QueryCall query) => Change(
        query, "RemoveClientIDFromOpenIDConnectProvider", c => c with { Clients = [.. c.Clients.Where(id => id != query.Required("ClientID", 255))] });

    private Task<XElement[]?> UpdateThumbprints(QueryCall query) => Change(query, "UpdateOpenIDConnectProviderThumbprint", c => c with { Thumbprints = Thumbprints(query) });

    private async Task<XElement[]?> Change(QueryCall query, string action, Func<IamDocument, IamDocument> change)
    {
        await book.Change(query, IamKinds.Provider, Named(query, action), row => row.With(change(row.Content)));
        return null;
    }

    private static string Named(QueryCall query, string action)
    {
        var arn = query.Required("OpenIDConnectProviderArn", 2048);
        var name = IamNames.Named(arn, query.Account(), IamKinds.Provider) ?? throw IamBook.Missing("OpenID Connect provider", arn);
        IamBook.Require(query, action, query.Arn(IamKinds.Provider, name));
        return name;
    }

    private static IReadOnlyList<string> Clients(IReadOnlyList<string> ids) =>
        ids.Count <= MostClients && ids.All(id => id.Length is > 0 and <= 255) ? ids : throw QueryFaults.Invalid($"There may be {MostClients} client ids of 255 characters.");

    private static IReadOnlyList<string> Thumbprints(QueryCall query)
    {
        var list = query.List("ThumbprintList");
        return list.Count <= MostThumbprints && list.All(t => t.Length == 40 && t.All(char.IsAsciiLetterOrDigit))
            ? list
            : throw QueryFaults.Invalid($"There may be {MostThumbprints} thumbprints, each of 40 characters.");
    }
}
