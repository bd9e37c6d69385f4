namespace Ciel.Agent.Drivers.Qemu;

/// <summary>One image on its way.</summary>
internal sealed class BaseFetch
{
    private readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when it is here or failed.</summary>
    public Task Done => done.Task;

    /// <summary>Between 0 and 1.</summary>
    public double Progress { get; set; }

    public void Succeed() => done.SetResult();

    public void Fail(Exception why) => done.SetException(why);
}
