using System.Text.RegularExpressions;

namespace Ciel.Tests.Architecture;

/// <summary>In .NET a pattern's <c>$</c> lets one line feed through at the end, which is enough to begin a line in a file of others' settings.</summary>
public partial class LineEnds
{
    [Fact]
    public void Patterns_end_where_the_text_ends() => SourceFile.Under("src").Where(f => Dollar().IsMatch(f.Text)).Select(f => f.Path).ShouldBeEmpty();

    [Theory]
    [InlineData("GeneratedRegex(\"^a$\")", true)]
    [InlineData("new Regex(@\"^a$\", x)", true)]
    [InlineData("GeneratedRegex(@\"^a\\z\")", false)]
    public void What_lets_a_line_feed_through_is_seen(string text, bool seen) => Dollar().IsMatch(text).ShouldBe(seen);

    [GeneratedRegex("""Regex\([$@]*"[^"\n]*\$"[,)]""")]
    private static partial Regex Dollar();
}
