using System.Xml.Linq;
using Ciel.Services.ObjectStorage.Query;

namespace Ciel.Services.ObjectStorage.Iam;

/// <summary>How much an account has and may have.</summary>
internal sealed class SummaryApi(IamBook book) : IQueryApi
{
    public IEnumerable<QueryAction> Actions => [QueryService.Iam.Action("GetAccountSummary", Summary)];

    private async Task<XElement[]?> Summary(QueryCall query)
    {
        IamBook.Require(query, "GetAccountSummary", "*");
        var counts = (await book.Db.Read(r => IamStore.Counts(r, query.Account()), query.Call.Cancel)).ToDictionary(c => c.Kind, c => c.Count);
        (string Key, long Value)[] entries =
        [
            ("Users", counts.GetValueOrDefault(IamKinds.User)), ("UsersQuota", IamBook.MostOfAKind),
            ("Groups", counts.GetValueOrDefault(IamKinds.Group)), ("GroupsQuota", IamBook.MostOfAKind),
            ("Roles", counts.GetValueOrDefault(IamKinds.Role)), ("RolesQuota", IamBook.MostOfAKind),
            ("Policies", counts.GetValueOrDefault(IamKinds.Policy)), ("PoliciesQuota", IamBook.MostOfAKind),
            ("Providers", counts.GetValueOrDefault(IamKinds.Provider)), ("AccessKeysPerUserQuota", KeyApi.Most),
        ];
        return [new("SummaryMap", entries.Select(e => new XElement("entry", new XElement("key", e.Key), new XElement("value", e.Value))))];
    }
}
