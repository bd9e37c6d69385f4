using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ciel.Tests.Architecture;

/// <summary>Files at most 500 lines, half of them at most 80, functions at most 70.</summary>
public class Sizes
{
    private const int LongestFile = 500;
    private const int LongestFunction = 70;
    private const int Median = 80;

    [Fact]
    public void No_file_is_too_long() => SourceFile.All().SelectMany(LongFiles).ShouldBeEmpty();

    [Fact]
    public void No_function_is_too_long() => SourceFile.All().SelectMany(LongFunctions).ShouldBeEmpty();

    [Fact]
    public void Most_files_are_short() => MedianOf(SourceFile.Under("src")).ShouldBeLessThanOrEqualTo(Median);

    [Fact]
    public void A_long_file_is_seen() => LongFiles(new SourceFile("src/X.cs", Lines(LongestFile + 1))).ShouldNotBeEmpty();

    [Fact]
    public void A_file_of_the_greatest_length_is_good() => LongFiles(new SourceFile("src/X.cs", Lines(LongestFile))).ShouldBeEmpty();

    [Theory]
    [InlineData("class C { void M() {", "} }")]
    [InlineData("class C { C() {", "} }")]
    [InlineData("class C { int P { get {", "return 1; } } }")]
    [InlineData("class C { System.Action A => () => {", "}; }")]
    [InlineData("class C { void M() { void L() {", "} L(); } }")]
    public void A_long_function_is_seen(string before, string after) =>
        LongFunctions(new SourceFile("src/X.cs", before + Lines(LongestFunction + 1) + after)).ShouldNotBeEmpty();

    [Fact]
    public void A_median_that_is_too_long_is_seen() =>
        MedianOf([new("a", Lines(81)), new("b", Lines(81)), new("c", Lines(1))]).ShouldBeGreaterThan(Median);

    private static IEnumerable<string> LongFiles(SourceFile file) =>
        Length(file) is > LongestFile and var lines ? [$"{file.Path}: {lines} lines"] : [];

    private static IEnumerable<string> LongFunctions(SourceFile file) =>
        from node in file.Syntax.DescendantNodes()
        where node is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax or AnonymousFunctionExpressionSyntax
        let lines = Length(node)
        where lines > LongestFunction
        select $"{file.At(node)}: {lines} lines";

    private static int MedianOf(IReadOnlyList<SourceFile> files) => files.Select(Length).Order().ElementAt(files.Count / 2);

    private static int Length(SourceFile file) => file.Text.TrimEnd('\n').Split('\n').Length;

    private static int Length(SyntaxNode node)
    {
        var span = node.GetLocation().GetLineSpan();
        return span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
    }

    private static string Lines(int count) => string.Concat(Enumerable.Repeat("\n", count - 1).Append("//\n"));
}
