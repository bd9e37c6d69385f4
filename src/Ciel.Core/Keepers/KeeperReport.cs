using Ciel.Core.Store;

namespace Ciel.Core.Keepers;

/// <summary>Reads keepers for an operator.</summary>
public static class KeeperReport
{
    /// <summary>All keepers, those with most failures first.</summary>
    public static Task<List<KeeperRow>> All(Reader reader) => reader.Query<KeeperRow>("SELECT * FROM keeper ORDER BY attempt DESC, created_at");

    /// <summary>What an operator can do about it.</summary>
    public static string Advice(KeeperRow row) => row switch
    {
        { Attempt: 0 } => "nothing",
        { DeadlineAt: long.MaxValue } => "it retries for ever, so that nothing is left behind: mend what the error names",
        _ => "it retries until its deadline, then rests in ERROR: mend what the error names, or delete the resource",
    };
}
