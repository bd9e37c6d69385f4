using System.Xml;

namespace Ciel.Services.ObjectStorage.Query;

/// <summary>One action of AWS's query protocol: a form that is posted to <c>/</c>, as SNS, STS and IAM have it.</summary>
/// <param name="Name">Such as <c>CreateTopic</c>.</param>
/// <param name="Namespace">Of the answer's XML.</param>
/// <param name="Handler">Answers what stands within the result element; null for an answer without one.</param>
internal sealed record QueryAction(string Name, string Namespace, Func<QueryCall, Task<Action<XmlWriter>?>> Handler);

/// <summary>A group of actions.</summary>
internal interface IQueryApi
{
    IEnumerable<QueryAction> Actions { get; }
}
