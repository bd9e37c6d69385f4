using System.Xml.Linq;

namespace Ciel.Services.ObjectStorage.Query;

/// <summary>A service of the query protocol.</summary>
/// <param name="Space">The XML namespace of its answers.</param>
internal sealed record QueryService(XNamespace Space)
{
    public static readonly QueryService Iam = new("https://iam.amazonaws.com/doc/2010-05-08/");
    public static readonly QueryService Sts = new("https://sts.amazonaws.com/doc/2011-06-15/");

    /// <summary>One of its actions.</summary>
    /// <param name="name">As in the API reference.</param>
    /// <param name="handler">Answers the elements of the result, in no namespace; null for an answer without a result.</param>
    public QueryAction Action(string name, Func<QueryCall, Task<XElement[]?>> handler) => new(name, Space.NamespaceName, query => Answer(query, handler));

    private async Task<Action<System.Xml.XmlWriter>?> Answer(QueryCall query, Func<QueryCall, Task<XElement[]?>> handler)
    {
        if (await handler(query) is not { } elements)
        {
            return null;
        }

        return xml => Array.ForEach(elements, element => Named(element).WriteTo(xml));
    }

    private XElement Named(XElement element)
    {
        foreach (var each in element.DescendantsAndSelf())
        {
            each.Name = Space + each.Name.LocalName;
        }

        return element;
    }
}
