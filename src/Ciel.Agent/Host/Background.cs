namespace Ciel.Agent.Host;

/// <summary>Work that goes on behind a call.</summary>
internal static class Background
{
    /// <summary>Starts it; a failure is written to the error log, because nobody awaits it.</summary>
    public static Task Start(Func<Task> work) => Observe(work);

    private static async Task Observe(Func<Task> work)
    {
        // Never on the caller's stack: it may hold a lock.
        await Task.Yield();
        try
        {
            await work();
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("agent: background work was cancelled");
        }
        catch (Exception e)
        {
            await Console.Error.WriteLineAsync($"agent: background work failed: {e}");
        }
    }
}
