using System.Xml;
using System.Xml.Linq;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Access;

/// <summary>The XML of access control lists.</summary>
internal static class AclWire
{
    private const int MostGrants = 100;

    public static void Write(XmlWriter xml, Acl acl)
    {
        xml.Account("Owner", acl.OwnerId, acl.OwnerName);
        xml.Element("AccessControlList", () =>
        {
            foreach (var grant in acl.Grants.OrderBy(g => g.Kind == Acl.Group ? 0 : 1))
            {
                xml.Element("Grant", () =>
                {
                    xml.WriteStartElement("Grantee", XmlOutput.Namespace);
                    xml.WriteAttributeString("xsi", "type", XmlOutput.Schema, grant.Kind);
                    if (grant.Kind == Acl.Group)
                    {
                        xml.Text("URI", grant.Id);
                    }
                    else
                    {
                        xml.Text("ID", grant.Id);
                        xml.Text("DisplayName", grant.Name);
                    }

                    xml.WriteEndElement();
                    xml.Text("Permission", grant.Permission);
                });
            }
        });
    }

    /// <summary>The list that a request sets, by headers or by its body but not by both.</summary>
    /// <param name="call">The request.</param>
    /// <param name="wanted">What its headers ask for; null for nothing.</param>
    /// <param name="owner">Who owns the thing.</param>
    /// <param name="accounts">Whom it may name.</param>
    public static async Task<Acl> Set(S3Call call, Acl? wanted, (string Id, string Name) owner, Accounts accounts) => (wanted, call.Http.Request.ContentLength) switch
    {
        (not null, > 0) when !call.Seal.Chunked => throw new S3Fault(400, "UnexpectedContent", "This request does not support content."),
        (not null, _) => wanted,
        (null, 0) => throw new S3Fault(400, "MissingSecurityHeader", "Your request was missing a required header."),
        _ => await OfBody(call, owner, accounts),
    };

    private static async Task<Acl> OfBody(S3Call call, (string Id, string Name) owner, Accounts accounts)
    {
        try
        {
            return await Read(call, await XmlInput.Read(call, "AccessControlPolicy"), owner.Id, owner.Name, accounts);
        }
        catch (S3Fault fault) when (fault.Code == "MalformedXML")
        {
            throw new S3Fault(400, "MalformedACLError", fault.Message);
        }
    }

    // Its owner must be the thing's.
    private static async Task<Acl> Read(S3Call call, XElement root, string ownerId, string ownerName, Accounts accounts)
    {
        if ((root.One("Owner")?.Text("ID") ?? throw Faults.MalformedXml()) != ownerId)
        {
            throw Faults.AccessDenied("The owner of a resource cannot be changed.");
        }

        var elements = (root.One("AccessControlList") ?? throw Faults.MalformedXml()).All("Grant").ToList();
        if (elements.Count > MostGrants)
        {
            throw Faults.MalformedXml();
        }

        var grants = new List<Grant>();
        foreach (var element in elements)
        {
            grants.Add(await Grant(call, element, Acl.Permissions, accounts));
        }

        return new Acl(ownerId, ownerName, grants);
    }

    /// <summary>Reads a grant of one of the permissions.</summary>
    public static async Task<Grant> Grant(S3Call call, XElement element, IReadOnlyCollection<string> permissions, Accounts accounts)
    {
        var grantee = element.One("Grantee") ?? throw Faults.MalformedXml();
        var permission = element.Text("Permission") is { } name && permissions.Contains(name) ? name : throw Faults.MalformedXml();
        if (grantee.Attributes().FirstOrDefault(a => a.Name.LocalName == "type")?.Value is not (null or Acl.Account or Acl.Group or "AmazonCustomerByEmail"))
        {
            throw Faults.MalformedXml();
        }

        var (kind, value) = grantee.Text("URI") is { } uri ? ("uri", uri)
            : grantee.Text("EmailAddress") is { } mail ? ("emailAddress", mail)
            : ("id", grantee.Text("ID") ?? throw Faults.MalformedXml());
        return await accounts.Grant(call, kind, value, permission);
    }
}
