using Ciel.Tests.ObjectStorage;

namespace Ciel.Live.Billing;

/// <summary>
/// How long objects of one size were stored, all added up, as whoever puts and deletes them sees it: each took effect between its request and its
/// answer. Right once all of them are deleted.
/// </summary>
internal sealed class StoredSeconds
{
    private readonly DateTimeOffset _begin = DateTimeOffset.UtcNow;

    public double Least { get; private set; }

    public double Most { get; private set; }

    /// <param name="objects">1 for a put, -1 for a delete.</param>
    /// <param name="request">Sends it.</param>
    public async Task Seen(int objects, Func<Task<S3Answer>> request)
    {
        var before = (DateTimeOffset.UtcNow - _begin).TotalSeconds;
        (await request()).Ok();
        var after = (DateTimeOffset.UtcNow - _begin).TotalSeconds;
        Least -= objects * (objects > 0 ? after : before);
        Most -= objects * (objects > 0 ? before : after);
    }
}
