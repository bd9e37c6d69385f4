namespace Ciel.Live.Net;

internal static class Wait
{
    /// <summary>Asks until it is so; fails after half a minute: a guest that missed one answer asks again only after four seconds, three times.</summary>
    public static async Task Until(Func<Task<bool>> so, string what)
    {
        for (var attempt = 0; attempt < 300; attempt++)
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
