namespace Ciel.Tests;

public class First
{
    [Fact]
    public void Runs() => typeof(First).Namespace.ShouldBe("Ciel.Tests");
}
