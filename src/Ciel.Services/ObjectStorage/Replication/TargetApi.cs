using System.Text.RegularExpressions;
using System.Xml;
using Ciel.Core;
using Ciel.Core.Http.Egress;
using Ciel.Core.Store;
using Ciel.Core.Trust;
using Ciel.Services.Identity;
using Ciel.Services.ObjectStorage.Access;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Query;

namespace Ciel.Services.ObjectStorage.Replication;

/// <summary>
/// Other S3s that a project's buckets may be replicated to. S3's schema has no words for an address with keys, so that these forms are our own; any
/// client that signs a form can send them, and replication itself is set up by S3's own API (docs/decisions/0010).
/// </summary>
internal sealed partial class TargetApi(Db db, Envelope envelope, Ids ids) : IQueryApi, IProjectGone
{
    private const string Space = "urn:ciel:objects";
    private const int Most = 100;
    private const int Longest = 1024;

    public IEnumerable<QueryAction> Actions =>
    [
        new("PutReplicationTarget", Space, Put),
        new("ListReplicationTargets", Space, List),
        new("DeleteReplicationTarget", Space, Delete),
    ];

    public Task ProjectGone(Tx tx, string projectId) => TargetStore.DeleteAll(tx, projectId);

    private async Task<Action<XmlWriter>?> Put(QueryCall call)
    {
        var project = Account(call);
        var name = call.Require("Name");
        if (!Good().IsMatch(name))
        {
            throw Wrong("Name", "use 1 to 64 lower-case letters, digits and hyphens.");
        }

        var (endpoint, access, secret) = (call.Require("Endpoint"), call.Require("AccessKeyId"), call.Require("SecretAccessKey"));
        if (endpoint.Length + access.Length + secret.Length > Longest)
        {
            throw Wrong("Endpoint", "endpoint and keys are too long.");
        }

        var url = Url(endpoint);
        var row = new TargetRow
        {
            Id = ids.Uuid(),
            ProjectId = project,
            Name = name,
            Endpoint = url.GetLeftPart(UriPartial.Authority),
            Region = call["Region"] is { Length: > 0 } region ? region : ObjectDoorOptions.Region,
            Access = access,
            Secret = await envelope.Seal(secret, TargetRow.About(project, name), call.Call.Cancel),
            CreatedAt = call.Call.Now,
        };
        await db.Write(
            async tx =>
            {
                await tx.Dialect.HoldName(tx, "targets of " + project);
                var known = await TargetStore.OfProject(tx, project);
                if (known.Count >= Most && known.TrueForAll(t => t.Name != name))
                {
                    throw new S3Fault(400, "LimitExceeded", $"A project may have {Most} replication targets. Delete those that are no longer needed.");
                }

                await TargetStore.Put(tx, row);
            },
            call.Call.Cancel);
        return xml => xml.WriteElementString("TargetArn", Space, row.Arn);
    }

    private async Task<Action<XmlWriter>?> List(QueryCall call)
    {
        var project = Account(call);
        var rows = await db.Read(r => TargetStore.OfProject(r, project), call.Call.Cancel);
        return xml =>
        {
            xml.WriteStartElement("Targets", Space);
            foreach (var row in rows)
            {
                xml.WriteStartElement("member", Space);
                xml.WriteElementString("TargetArn", Space, row.Arn);
                xml.WriteElementString("Name", Space, row.Name);
                xml.WriteElementString("Endpoint", Space, row.Endpoint);
                xml.WriteElementString("Region", Space, row.Region);
                xml.WriteElementString("AccessKeyId", Space, row.Access);
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        };
    }

    private async Task<Action<XmlWriter>?> Delete(QueryCall call)
    {
        var project = Account(call);
        var name = call.Require("Name");
        await db.Write(tx => TargetStore.Delete(tx, project, name), call.Call.Cancel);
        return null;
    }

    private static string Account(QueryCall call) =>
        call.Call.Caller.AccountId is { } id && Authorizer.MayAccount(call.Call, "s3:" + call["Action"], Destination.RemoteStart + (call["Name"] ?? "*")) ? id : throw Faults.AccessDenied();

    private static Uri Url(string endpoint)
    {
        try
        {
            var url = EgressGate.Url(endpoint);
            return url.PathAndQuery == "/" ? url : throw Wrong("Endpoint", "it must be a scheme and a host, such as https://s3.example.com; buckets stand in the path.");
        }
        catch (EgressRefusedException e)
        {
            throw Wrong("Endpoint", e.Message);
        }
    }

    private static S3Fault Wrong(string name, string why) => new(400, "InvalidParameter", $"Invalid parameter: {name}: {why}");

    [GeneratedRegex(@"\A[a-z0-9-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Good();
}
