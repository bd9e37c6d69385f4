using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ciel.Tests.Architecture;

/// <summary>
/// Each service's tables bear one prefix that no other's bear, and nobody else's SQL names them. Core's tables have no prefix and are open
/// to all; an API's file holds no SQL.
/// </summary>
public partial class TableWalls
{
    [Fact]
    public void Services_keep_to_their_tables() => Violations(SourceFile.Under("src")).ShouldBeEmpty();

    [Fact]
    public void The_tables_are_found() => Tables(SourceFile.Under("src")).ShouldContain(table => table.Service == "Nodes" && table.Name == "node_node");

    [Theory]
    [InlineData("Compute/ServerStore.cs", "SELECT id FROM identity_project")]
    [InlineData("Compute/ServerStore.cs", "UPDATE compute_server SET a = 1 WHERE p IN (SELECT id FROM\n identity_project)")]
    [InlineData("Compute/ServerStore.cs", "identity_project")]
    [InlineData("Compute/Schema.cs", "CREATE TABLE server (id text)")]
    [InlineData("Compute/Schema.cs", "CREATE TABLE identity_server (id text)")]
    [InlineData("Compute/Schema.cs", "CREATE TABLE compute_a (id text); CREATE TABLE machine_b (id text)")]
    [InlineData("Compute/ServerApi.cs", "SELECT id FROM compute_server")]
    public void A_broken_wall_is_seen(string file, string sql) => Violations([.. Good, Source(file, sql)]).ShouldNotBeEmpty();

    [Fact]
    public void Interpolated_text_is_seen() => Violations(
        [.. Good, new SourceFile("src/Ciel.Services/Compute/X.cs", "class C { string S => $\"SELECT {A} FROM identity_project WHERE x = 1\"; }")]).ShouldNotBeEmpty();

    [Fact]
    public void Own_tables_and_Cores_are_good() => Violations(Good).ShouldBeEmpty();

    private static readonly SourceFile[] Good =
    [
        Source("Identity/Schema.cs", "CREATE TABLE identity_project (id text)"),
        Source("Compute/Schema.cs", "CREATE TABLE IF NOT EXISTS compute_server (id text)"),
        Source("Compute/ServerStore.cs", "SELECT id FROM compute_server JOIN keeper USING (id)"),
        new("src/Ciel.Core/Keepers/KeeperBook.cs", "class C { string S => \"CREATE TABLE keeper (id text)\"; }"),
    ];

    private static SourceFile Source(string file, string sql) =>
        new("src/Ciel.Services/" + file, $"class C {{ string S => \"\"\"\n{sql}\n\"\"\"; }}");

    private static List<string> Violations(IReadOnlyList<SourceFile> files)
    {
        var owned = Tables(files).Where(table => table.Service is not null).ToList();
        var prefixes = owned.Select(table => (table.Service, Prefix: table.Name.Split('_')[0])).Distinct().ToList();
        return
        [
            .. owned.Where(table => !table.Name.Contains('_')).Select(table => $"{table.Service}: table {table.Name} has no prefix"),
            .. prefixes.GroupBy(p => p.Service).Where(g => g.Count() > 1).Select(g => $"{g.Key} has tables with {g.Count()} prefixes"),
            .. prefixes.GroupBy(p => p.Prefix).Where(g => g.Count() > 1).Select(g => $"{string.Join(" and ", g.Select(p => p.Service))} share the prefix {g.Key}"),
            .. from file in files
               from text in Texts(file)
               from table in owned
               where table.Service != file.Service && Names(text, table.Name)
               select $"{file.Path} names {table.Name} of {table.Service}",
            .. from file in files
               where file.Service is not null && file.Path.EndsWith("Api.cs", StringComparison.Ordinal) && Texts(file).Any(text => Sql().IsMatch(text))
               select $"{file.Path} holds SQL",
        ];
    }

    private static List<(string? Service, string Name)> Tables(IReadOnlyList<SourceFile> files) =>
    [
        .. from file in files
           from text in Texts(file)
           from Match match in CreateTable().Matches(text)
           select (file.Service, match.Groups[1].Value),
    ];

    /// <summary>A whole literal may be a table's name that is put into SQL elsewhere.</summary>
    private static bool Names(string text, string table) =>
        text.Trim() == table || (Sql().IsMatch(text) && Regex.IsMatch(text, $@"\b{table}\b"));

    private static IEnumerable<string> Texts(SourceFile file) => file.Syntax.DescendantNodes().Select(node => node switch
    {
        LiteralExpressionSyntax literal when literal.IsKind(SyntaxKind.StringLiteralExpression) => literal.Token.ValueText,
        InterpolatedStringExpressionSyntax interpolated => string.Concat(interpolated.Contents.Select(part => part is InterpolatedStringTextSyntax t ? t.TextToken.ValueText : " ? ")),
        _ => null,
    }).OfType<string>();

    [GeneratedRegex(@"\bCREATE TABLE (?:IF NOT EXISTS )?([a-z_]+)")]
    private static partial Regex CreateTable();

    [GeneratedRegex(@"\b(SELECT\s|INSERT INTO|UPDATE\s+\S+\s+SET|DELETE FROM|CREATE (TABLE|INDEX|UNIQUE)|FROM\s+[a-z]|JOIN\s+[a-z])")]
    private static partial Regex Sql();
}
