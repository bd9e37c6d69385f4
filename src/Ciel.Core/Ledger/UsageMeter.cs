namespace Ciel.Core.Ledger;

/// <summary>Something that is counted.</summary>
/// <param name="Name">Such as <c>object.egress</c>; stored, so never renamed. Without tabs.</param>
/// <param name="Unit">The smallest unit, such as <c>B</c> or <c>request</c>. Without tabs.</param>
public sealed record UsageMeter(string Name, string Unit);

/// <summary>Where usage counters keep what is not in the store yet.</summary>
/// <param name="Root">A directory that only this process writes; each set of counters has a folder of its own below it.</param>
public sealed record CounterOptions(string Root);
