using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ciel.Tests.Architecture;

/// <summary>
/// Services call only downwards, and only what the other's Contract.cs declares; all else in a service is internal. It binds every name in
/// the sources, because constants and nameof leave no trace in the IL. The files beside the folders compose the services and may see all.
/// </summary>
public class ServiceWalls
{
    /// <summary>Lowest first; services of one floor do not call one another.</summary>
    private static readonly string[][] Floors =
    [
        ["Nodes"], ["Identity"], ["Images"], ["ObjectStorage", "Network", "BlockStorage"], ["Compute"], ["Apps", "AddOns"], ["Billing"],
    ];

    private const string Usings = "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; " +
        "global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;";

    [Fact]
    public void Services_call_downwards_through_contracts() => Violations(SourceFile.Under("src/Ciel.Services")).ShouldBeEmpty();

    /// <summary>A name that does not bind would be a call that nobody sees.</summary>
    [Fact]
    public void Every_type_is_bound() => Compile(SourceFile.Under("src/Ciel.Services")).GetDiagnostics().Where(d => d.Id is "CS0246" or "CS0234").ShouldBeEmpty();

    [Fact]
    public void Only_contracts_are_public() => PublicOutsideContract(SourceFile.Under("src/Ciel.Services")).ShouldBeEmpty();

    [Fact]
    public void Every_service_has_its_floor() => WithoutFloor(SourceFile.Under("src/Ciel.Services")).ShouldBeEmpty();

    [Theory]
    [InlineData("Identity", "class A { Ciel.Services.Network.INetworks N = null!; }")]
    [InlineData("Identity", "class A { string N = nameof(Ciel.Services.Network.INetworks); }")]
    [InlineData("Network", "class A { int N = Ciel.Services.Identity.Limits.Most; }")]
    [InlineData("Compute", "using Ciel.Services.Identity; class A { object N = new ProjectStore(); }")]
    [InlineData("Compute", "using Ciel.Services.Identity; class A { int N(IIdentity i) => i.Inner(); }")]
    [InlineData("BlockStorage", "class A { Ciel.Services.Network.INetworks N = null!; }")]
    public void A_wrong_call_is_seen(string service, string text) =>
        Violations([.. Good, new SourceFile($"src/Ciel.Services/{service}/A.cs", $"namespace Ciel.Services.{service} {{ {text} }}")]).ShouldNotBeEmpty();

    [Fact]
    public void A_call_downwards_through_a_contract_is_good() => Violations(Good).ShouldBeEmpty();

    [Fact]
    public void A_public_type_outside_the_contract_is_seen() =>
        PublicOutsideContract([new("src/Ciel.Services/Identity/User.cs", "public record User;")]).ShouldNotBeEmpty();

    [Fact]
    public void A_service_without_a_floor_is_seen() => WithoutFloor([new("src/Ciel.Services/Novelty/Thing.cs", "")]).ShouldNotBeEmpty();

    private static readonly SourceFile[] Good =
    [
        new("src/Ciel.Services/Identity/Contract.cs", "namespace Ciel.Services.Identity; public interface IIdentity { int Ask(); }"),
        new("src/Ciel.Services/Identity/Limits.cs", "namespace Ciel.Services.Identity; internal static class Limits { public const int Most = 3; }"),
        new("src/Ciel.Services/Identity/ProjectStore.cs", "namespace Ciel.Services.Identity; internal class ProjectStore; internal static class More { public static int Inner(this IIdentity i) => 1; }"),
        new("src/Ciel.Services/Network/Contract.cs", "namespace Ciel.Services.Network; public interface INetworks;"),
        new("src/Ciel.Services/Compute/Server.cs", "using Ciel.Services.Identity; namespace Ciel.Services.Compute; class Server(IIdentity i, Ciel.Services.Network.INetworks n) { int A => i.Ask(); }"),
    ];

    private static List<string> Violations(IReadOnlyList<SourceFile> files)
    {
        var compilation = Compile(files);
        var byTree = files.ToDictionary(file => file.Tree);
        return
        [
            .. from file in files.Where(file => file.Service is not null).AsParallel().AsOrdered()
               let model = compilation.GetSemanticModel(file.Tree)
               from name in file.Syntax.DescendantNodes().OfType<SimpleNameSyntax>()
               let target = Declaration(model.GetSymbolInfo(name).Symbol, byTree)
               where target?.Service is not null && target.Service != file.Service
               where !target.IsContract || Floor(target.Service!) >= Floor(file.Service!)
               select $"{file.At(name)}: {file.Service} uses {name} of {target.Path}",
        ];
    }

    private static SourceFile? Declaration(ISymbol? symbol, Dictionary<SyntaxTree, SourceFile> byTree)
    {
        if (symbol is IMethodSymbol { ReducedFrom: { } extension }) symbol = extension;
        var type = symbol as INamedTypeSymbol ?? symbol?.ContainingType;
        // A type in several files is a contract's if one of them is.
        var files = type?.OriginalDefinition.DeclaringSyntaxReferences.Select(r => byTree.GetValueOrDefault(r.SyntaxTree)).OfType<SourceFile>().ToList();
        return files?.Find(file => file.IsContract) ?? files?.FirstOrDefault();
    }

    private static IEnumerable<string> PublicOutsideContract(IEnumerable<SourceFile> files) =>
        from file in files
        where file.Service is not null && !file.IsContract
        from type in file.Syntax.DescendantNodes().OfType<MemberDeclarationSyntax>()
        where type is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax && type.Parent is not BaseTypeDeclarationSyntax
        where type.Modifiers.Any(SyntaxKind.PublicKeyword)
        select $"{file.At(type)}: public, but not in Contract.cs";

    private static IEnumerable<string> WithoutFloor(IEnumerable<SourceFile> files) =>
        files.Select(file => file.Service).OfType<string>().Distinct().Where(service => Floor(service) < 0);

    private static int Floor(string service) => Array.FindIndex(Floors, floor => floor.Contains(service));

    private static CSharpCompilation Compile(IReadOnlyList<SourceFile> files) => CSharpCompilation.Create(
        "Ciel.Services",
        files.Select(file => file.Tree).Append(CSharpSyntaxTree.ParseText(Usings, new CSharpParseOptions(LanguageVersion.Preview))),
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(':')
            .Where(path => Path.GetFileName(path) != "Ciel.Services.dll")
            .Select(path => MetadataReference.CreateFromFile(path)),
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
}
