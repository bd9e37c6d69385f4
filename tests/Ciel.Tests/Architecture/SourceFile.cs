using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Ciel.Tests.Architecture;

/// <summary>A source file: its path from the repository's root, its text, and its syntax.</summary>
internal sealed record SourceFile(string Path, string Text)
{
    private static readonly ConcurrentDictionary<string, IReadOnlyList<SourceFile>> Read = new();

    private readonly Lazy<SyntaxTree> tree = new(() => CSharpSyntaxTree.ParseText(Text, new CSharpParseOptions(LanguageVersion.Preview), Path));

    /// <summary>The repository's root: the nearest directory above the tests that holds the solution.</summary>
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    public SyntaxTree Tree => tree.Value;

    public SyntaxNode Syntax => Tree.GetRoot();

    /// <summary>The service whose folder it is in; null for the files beside the folders, and for other projects' files.</summary>
    public string? Service => Path.Split('/') is ["src", "Ciel.Services", var service, _, ..] ? service : null;

    /// <summary>Whether it is (a part of) a service's contract.</summary>
    public bool IsContract => System.IO.Path.GetFileName(Path) is var name && (name == "Contract.cs" || name.StartsWith("Contract.", StringComparison.Ordinal));

    /// <summary>Where a node begins, for a message.</summary>
    public string At(SyntaxNode node) => $"{Path}:{node.GetLocation().GetLineSpan().StartLinePosition.Line + 1}";

    /// <summary>Every C# file under a folder of the repository, without what builds write.</summary>
    public static IReadOnlyList<SourceFile> Under(string folder) => Read.GetOrAdd(folder, static folder =>
        Directory.Exists(System.IO.Path.Combine(Root, folder))
            ? Directory.EnumerateFiles(System.IO.Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
                .Select(file => System.IO.Path.GetRelativePath(Root, file).Replace('\\', '/'))
                .Where(path => !path.Split('/').Any(part => part is "obj" or "bin"))
                .Order(StringComparer.Ordinal)
                .Select(path => new SourceFile(path, File.ReadAllText(System.IO.Path.Combine(Root, path))))
                .ToList()
            : []);

    /// <summary>All of ours.</summary>
    public static IEnumerable<SourceFile> All() => Under("src").Concat(Under("tests")).Concat(Under("bench"));

    private static string FindRoot(string from) =>
        File.Exists(System.IO.Path.Combine(from, "Ciel.slnx"))
            ? from
            : FindRoot(System.IO.Path.GetDirectoryName(from.TrimEnd('/')) ?? throw new InvalidOperationException("the tests run outside the repository"));
}
