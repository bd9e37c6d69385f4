using Ciel.Agent.Host;

namespace Ciel.Tests.Agent.Host;

public class HelperTests
{
    /// <summary>Regression: each machine and name server left three sockets of the runtime in the directory for temporary files.</summary>
    [Fact]
    public void AHelperOpensNoDiagnosticsOfTheRuntime()
    {
        var command = Helper.Command("/opt/ciel", "launch", "spec.json");
        command.ArgumentList.ShouldBe(["helper", "launch", "spec.json"]);
        command.Environment["DOTNET_EnableDiagnostics"].ShouldBe("0");
    }
}
