using Ciel.Services.ObjectStorage.Objects;
using Microsoft.AspNetCore.Http;

namespace Ciel.Services.ObjectStorage.Door;

/// <summary>Finds the operation of a request by method, what it names, and the parameters that select sub-resources.</summary>
internal sealed class OperationTable
{
    /// <summary>Sub-resources of S3: a request that names one which is not built must not be taken for another operation.</summary>
    private static readonly HashSet<string> SubResources =
    [
        "accelerate", "acl", "analytics", "attributes", "cors", "delete", "encryption", "intelligent-tiering", "inventory", "legal-hold", "lifecycle", "location",
        "logging", "metadataConfiguration", "metadataTable", "metrics", "notification", "object-lock", "ownershipControls", "policy", "policyStatus", "publicAccessBlock",
        "replication", "requestPayment", "restore", "retention", "select", "session", "tagging", "torrent", "uploadId", "uploads", "versioning", "versions", "website",
        "renameObject", "append", "abac",
    ];

    private readonly ILookup<(string Method, Scope Scope), Operation> _operations;

    public OperationTable(IEnumerable<IObjectApi> apis) => _operations = apis.SelectMany(api => api.Operations)
        .OrderByDescending(o => (o.Marker is null ? 0 : 2) + (o.Header is null ? 0 : 1)).ToLookup(o => (o.Method, o.Scope));

    public Operation Find(HttpRequest request, Target target)
    {
        var scope = target.Bucket is null ? Scope.Service : target.Key is null ? Scope.Bucket : Scope.Object;
        var found = _operations[(request.Method, scope)].FirstOrDefault(o =>
            (o.Marker is null || target[o.Marker] is not null) && (o.Header is null || request.Headers.ContainsKey(o.Header)) && (o.Under is null || o.Under == target.Bucket));
        if (request.Method == "PUT" && scope == Scope.Object && target["partNumber"] is { } part && target["uploadId"] is null)
        {
            throw Faults.InvalidArgument("partNumber", part, "This operation does not accept partNumber without uploadId");
        }

        if (request.Method is "GET" or "HEAD" or "DELETE" && request.Headers.TryGetValue(CopySource.Header, out var source))
        {
            throw Faults.InvalidArgument(CopySource.Header, source, "You can only specify a copy source header for copy requests.");
        }

        var named = target.Query.FirstOrDefault(q => SubResources.Contains(q.Name)).Name;
        return (found, named) switch
        {
            ({ Marker: null }, "versions") when scope == Scope.Object => throw Faults.InvalidRequest("There is no such thing as the ?versions sub-resource for a key"),
            ({ Marker: null }, "uploads") when scope == Scope.Object => throw Faults.InvalidRequest($"Key is not expected for the {request.Method} method ?uploads subresource"),
            ({ Marker: null }, not null) => throw Faults.NotImplemented($"{request.Method} with ?{named}"),
            (null, _) => throw (named is null ? Faults.MethodNotAllowed(request.Method) : Faults.NotImplemented($"{request.Method} with ?{named}")),
            _ => found,
        };
    }
}
