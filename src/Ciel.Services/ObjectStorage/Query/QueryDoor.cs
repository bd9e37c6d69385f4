using System.Security.Cryptography;
using System.Text;
using System.Xml;
using Ciel.Services.ObjectStorage.Body;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Query;

/// <summary>Takes the forms of AWS's query protocol and hands each to its action.</summary>
internal sealed class QueryDoor(IEnumerable<IQueryApi> apis) : IObjectApi
{
    /// <summary>The operation's name, by which the door knows how errors look.</summary>
    public const string Name = "Query";

    private const int Most = 256 * 1024;
    private readonly Dictionary<string, QueryAction> _actions = apis.SelectMany(a => a.Actions).ToDictionary(a => a.Name);

    public IEnumerable<Operation> Operations => [new Operation(Name, "POST", Scope.Service, Serve)];

    /// <summary>The hash of the body, for clients that sign it without sending it; the body can be read again.</summary>
    public static async Task<string> Hash(S3Call call)
    {
        var body = new byte[Most + 1];
        var length = await call.Http.Request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, call.Cancel);
        if (length > Most)
        {
            throw WholeBody.TooBig(Most);
        }

        call.Http.Request.Body = new MemoryStream(body, 0, length, writable: false);
        return Convert.ToHexStringLower(SHA256.HashData(body.AsSpan(0, length)));
    }

    /// <summary>An error as this protocol has it.</summary>
    public static byte[] Fault(S3Fault fault, string requestId) => XmlOutput.Write(
        "ErrorResponse",
        xml =>
        {
            xml.WriteStartElement("Error");
            xml.WriteElementString("Type", fault.Status < 500 ? "Sender" : "Receiver");
            xml.WriteElementString("Code", QueryFaults.Code(fault));
            xml.WriteElementString("Message", fault.Message);
            xml.WriteEndElement();
            xml.WriteElementString("RequestId", requestId);
        },
        space: null);

    private async Task Serve(S3Call call)
    {
        var form = Form(Encoding.UTF8.GetString(await WholeBody.Read(call, Most)));
        var name = form.GetValueOrDefault("Action");
        var action = name is not null && _actions.TryGetValue(name, out var known)
            ? known
            : throw new S3Fault(400, "InvalidAction", $"The action {name} is not known here: {string.Join(", ", _actions.Keys.Order(StringComparer.Ordinal))}.");
        var result = await action.Handler(new QueryCall(call, form));
        await call.Document(XmlOutput.Write(action.Name + "Response", xml => Write(xml, action, result, call.RequestId), action.Namespace), type: "text/xml");
    }

    private static void Write(XmlWriter xml, QueryAction action, Action<XmlWriter>? result, string requestId)
    {
        if (result is not null)
        {
            xml.WriteStartElement(action.Name + "Result", action.Namespace);
            result(xml);
            xml.WriteEndElement();
        }

        xml.WriteStartElement("ResponseMetadata", action.Namespace);
        xml.WriteElementString("RequestId", action.Namespace, requestId);
        xml.WriteEndElement();
    }

    private static Dictionary<string, string> Form(string text)
    {
        var fields = new Dictionary<string, string>();
        foreach (var (name, value) in Target.Pairs(text))
        {
            fields[name] = value;
        }

        return fields;
    }
}
