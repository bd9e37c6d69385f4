using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;
using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Access;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Query;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Notifications;

/// <summary>Topics by SNS's API (Amazon SNS API Reference), with Ceph RGW's attribute for the webhook.</summary>
internal sealed partial class TopicApi(Db db, TopicBook book) : IQueryApi
{
    private const string Space = "http://sns.amazonaws.com/doc/2010-03-31/";
    private const int Page = 100;

    public IEnumerable<QueryAction> Actions =>
    [
        new("CreateTopic", Space, Create),
        new("ListTopics", Space, List),
        new("GetTopicAttributes", Space, Get),
        new("SetTopicAttributes", Space, Set),
        new("DeleteTopic", Space, Delete),
    ];

    private async Task<Action<XmlWriter>?> Create(QueryCall call)
    {
        var name = call.Require("Name");
        var project = Account(call, name);
        if (!Name().IsMatch(name))
        {
            throw new S3Fault(400, "InvalidParameter", "Invalid parameter: Topic Name: use 1 to 256 letters, digits, hyphens and underscores.");
        }

        var attributes = call.Map("Attributes");
        foreach (var (key, value) in attributes)
        {
            TopicAttributes.Check(key, value);
        }

        var topic = await book.Create(project, name, call.Call.Caller.UserId ?? "", attributes, call.Call.Cancel);
        return xml => xml.WriteElementString("TopicArn", Space, topic.Arn);
    }

    private async Task<Action<XmlWriter>?> List(QueryCall call)
    {
        var project = Account(call, "*");
        var topics = await db.Read(r => TopicStore.OfProject(r, project, call["NextToken"] ?? "", Page + 1), call.Call.Cancel);
        return xml =>
        {
            xml.WriteStartElement("Topics", Space);
            foreach (var topic in topics.Take(Page))
            {
                xml.WriteStartElement("member", Space);
                xml.WriteElementString("TopicArn", Space, topic.Arn);
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
            if (topics.Count > Page)
            {
                xml.WriteElementString("NextToken", Space, topics[Page - 1].Name);
            }
        };
    }

    private async Task<Action<XmlWriter>?> Get(QueryCall call)
    {
        var (project, name) = Named(call);
        var (topic, pending, dead) = await db.Read(
            async r =>
            {
                var row = await TopicStore.Find(r, project, name) ?? throw Missing();
                return (row, await EventStore.Count(r, row.Id, dead: false), await EventStore.Count(r, row.Id, dead: true));
            },
            call.Call.Cancel);
        return xml =>
        {
            xml.WriteStartElement("Attributes", Space);
            foreach (var (key, value) in Attributes(topic, pending, dead))
            {
                xml.WriteStartElement("entry", Space);
                xml.WriteElementString("key", Space, key);
                xml.WriteElementString("value", Space, value);
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        };
    }

    private async Task<Action<XmlWriter>?> Set(QueryCall call)
    {
        var (project, name) = Named(call);
        var (attribute, value) = (call.Require("AttributeName"), call["AttributeValue"] ?? "");
        if (attribute != TopicAttributes.Redrive)
        {
            TopicAttributes.Check(attribute, value);
        }

        if (!await book.Set(project, name, attribute, value, call.Call.Cancel))
        {
            throw Missing();
        }

        return null;
    }

    private async Task<Action<XmlWriter>?> Delete(QueryCall call)
    {
        var (project, name) = Named(call);
        await book.Delete(project, name, call.Call.Cancel);
        return null;
    }

    private static Dictionary<string, string> Attributes(TopicRow topic, long pending, long dead)
    {
        var endpoint = topic.Endpoint ?? "";
        var all = new Dictionary<string, string>(topic.Set)
        {
            ["TopicArn"] = topic.Arn,
            ["Name"] = topic.Name,
            ["Owner"] = topic.ProjectId,
            ["User"] = topic.UserId,
            [TopicAttributes.Endpoint] = endpoint,
            ["EndPoint"] = JsonSerializer.Serialize(new { EndpointAddress = endpoint, EndpointTopic = topic.Name, HasStoredSecret = false, Persistent = true }),
            ["EventsPending"] = pending.ToString(CultureInfo.InvariantCulture),
            ["EventsDelivered"] = topic.Delivered.ToString(CultureInfo.InvariantCulture),
            ["EventsFailed"] = topic.Failed.ToString(CultureInfo.InvariantCulture),
            ["EventsKeptForRedrive"] = dead.ToString(CultureInfo.InvariantCulture),
        };
        if (topic is { LastError: { } error, LastErrorAt: { } at })
        {
            all["LastError"] = error;
            all["LastErrorTime"] = Instants.Iso(at);
        }

        return all;
    }

    private static (string Project, string Name) Named(QueryCall call)
    {
        var name = NotificationRule.TopicName(call.Require("TopicArn"), call.Call.Caller.AccountId ?? "");
        return (Account(call, name ?? "*"), name ?? throw Missing());
    }

    private static string Account(QueryCall call, string name) =>
        call.Call.Caller.AccountId is { } id && Authorizer.MayAccount(call.Call, "sns:" + call["Action"], $"arn:aws:sns:{ObjectDoorOptions.Region}:{id}:{name}")
            ? id
            : throw new S3Fault(403, "AuthorizationError", "You are not authorized to perform this action on topics of this project.");

    private static S3Fault Missing() => new(404, "NotFound", "Topic does not exist");

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,256}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
