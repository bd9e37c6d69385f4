using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ciel.Tests.Architecture;

/// <summary>Nothing is left for later, no error is swallowed without a reason, no test is skipped.</summary>
public partial class Honesty
{
    [Fact]
    public void Nothing_is_hidden() => SourceFile.All().SelectMany(Violations).ShouldBeEmpty();

    [Theory]
    [InlineData("// TODO later")]
    [InlineData("/* a FIXME */")]
    [InlineData("// HACK: works")]
    [InlineData("class C { void M() => throw new System.NotImplementedException(); }")]
    [InlineData("class C { void M() { try { } catch { } } }")]
    [InlineData("class C { void M() { try { } catch (System.Exception) { } } }")]
    [InlineData("class C { [Fact(Skip = \"slow\")] void M() { } }")]
    public void What_is_hidden_is_seen(string text) => Violations(new SourceFile("src/X.cs", text)).ShouldNotBeEmpty();

    [Theory]
    [InlineData("class C { string S => \"TODO\"; }")]
    [InlineData("class C { void M() { try { } catch (System.Exception) { /* gone already, which was the aim */ } } }")]
    public void What_is_open_is_good(string text) => Violations(new SourceFile("src/X.cs", text)).ShouldBeEmpty();

    private static IEnumerable<string> Violations(SourceFile file)
    {
        var comments = file.Syntax.DescendantTrivia(descendIntoTrivia: true).Where(t => Unfinished().IsMatch(t.ToString()) && IsComment(t));
        foreach (var comment in comments) yield return $"{file.Path}: {comment}";

        foreach (var node in file.Syntax.DescendantNodes())
        {
            var wrong = node switch
            {
                IdentifierNameSyntax { Identifier.Text: "NotImplementedException" } => "not implemented",
                CatchClauseSyntax { Block: { Statements.Count: 0 } block } when !block.DescendantTrivia().Any(IsComment) => "swallows an error without saying why",
                AttributeArgumentSyntax { NameEquals.Name.Identifier.Text: "Skip" or "Explicit" } => "a test that does not run",
                _ => null,
            };
            if (wrong is not null) yield return $"{file.At(node)}: {wrong}";
        }
    }

    private static bool IsComment(SyntaxTrivia trivia) =>
        trivia.Kind() is SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia or SyntaxKind.SingleLineDocumentationCommentTrivia;

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex Unfinished();
}
