namespace Ciel.Services.Billing.Focus;

/// <summary>Writes rows to a file as they come.</summary>
internal interface IFocusWriter<in T> : IAsyncDisposable
{
    /// <summary>What stands before all rows.</summary>
    Task Begin(CancellationToken cancel);

    /// <summary>Some rows.</summary>
    Task Write(IReadOnlyList<T> rows, CancellationToken cancel);

    /// <summary>What stands behind all rows.</summary>
    Task End(CancellationToken cancel);
}
