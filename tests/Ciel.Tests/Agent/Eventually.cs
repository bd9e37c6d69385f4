namespace Ciel.Tests.Agent;

/// <summary>Waits for what other tasks are about to do; the limit is only there to end a test that fails.</summary>
internal static class Eventually
{
    public static async Task True(Func<bool> condition, string what = "it")
    {
        for (var i = 0; !condition(); i++)
        {
            i.ShouldBeLessThan(2000, $"{what} did not come true");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
