namespace Ciel.Live.Net;

internal static class Wait
{
    /// <summary>Asks until it is so; fails after ten seconds.</summary>
    public static async Task Until(Func<Task<bool>> so, string what)
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            if (await so())
            {
                return;
            }

            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException($"never so: {what}");
    }
}
