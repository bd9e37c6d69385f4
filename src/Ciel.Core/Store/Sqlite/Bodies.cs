namespace Ciel.Core.Store;

/// <summary>Runs a body that must finish before it returns.</summary>
internal static class Bodies
{
    /// <exception cref="InvalidOperationException">The body awaits something other than its transaction.</exception>
    public static T Run<T>(Func<Task<T>> body)
    {
        var task = body();
        return task.IsCompleted
            ? task.GetAwaiter().GetResult()
            : throw new InvalidOperationException("the body awaits something other than its transaction: do that before or after");
    }
}
