using System.Xml.Linq;

namespace Ciel.Tests.Architecture;

/// <summary>Which project may reference which: Ciel → Services → Core, Ciel → Agent → Agent.Contract ← Services, Ciel → Console.</summary>
public class ProjectArrows
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Ciel"] = ["Ciel.Services", "Ciel.Agent", "Ciel.Console"],
        ["Ciel.Services"] = ["Ciel.Core", "Ciel.Agent.Contract"],
        ["Ciel.Agent"] = ["Ciel.Agent.Contract"],
        ["Ciel.Agent.Contract"] = [],
        ["Ciel.Core"] = [],
        ["Ciel.Console"] = [],
    };

    [Fact]
    public void Arrows_run_one_way() =>
        Directory.EnumerateFiles(Path.Combine(SourceFile.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .SelectMany(file => Violations(Path.GetFileNameWithoutExtension(file), File.ReadAllText(file)))
            .ShouldBeEmpty();

    [Fact]
    public void Every_project_is_there() =>
        Allowed.Keys.Where(name => !File.Exists(Path.Combine(SourceFile.Root, "src", name, name + ".csproj"))).ShouldBeEmpty();

    [Theory]
    [InlineData("Ciel.Agent", "../Ciel.Core/Ciel.Core.csproj")]
    [InlineData("Ciel.Services", "../Ciel.Agent/Ciel.Agent.csproj")]
    [InlineData("Ciel.Console", "../Ciel.Core/Ciel.Core.csproj")]
    [InlineData("Ciel.Seventh", "../Ciel.Core/Ciel.Core.csproj")]
    public void A_wrong_arrow_is_seen(string from, string to) =>
        Violations(from, $"""<Project><ItemGroup><ProjectReference Include="{to}" /></ItemGroup></Project>""").ShouldNotBeEmpty();

    private static IEnumerable<string> Violations(string project, string xml)
    {
        if (!Allowed.TryGetValue(project, out var allowed)) return [$"{project} is not a project of the design"];
        return XDocument.Parse(xml).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value))
            .Except(allowed)
            .Select(target => $"{project} references {target}");
    }
}
