namespace Ciel.Live;

public class First
{
    [Fact]
    public void Runs() => typeof(First).Namespace.ShouldBe("Ciel.Live");
}
