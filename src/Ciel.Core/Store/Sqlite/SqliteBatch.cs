namespace Ciel.Core.Store;

/// <summary>Commits several callers' writes at once on the one writing connection.</summary>
internal sealed class SqliteBatch(SqliteLine line, Func<long> now)
{
    /// <summary>
    /// Each body runs between SAVEPOINT and RELEASE, or ROLLBACK TO; then one COMMIT, then all are answered: also the failed ones,
    /// whose failure may rest on rows of the same batch. When SQLite is out of space or memory, or the commit fails, all are lost.
    /// </summary>
    public void Commit(IReadOnlyList<SqliteJob> jobs)
    {
        try
        {
            line.Do("BEGIN IMMEDIATE");
            foreach (var job in jobs.Where(j => !j.Abandoned)) Try(job);
            line.Do("COMMIT");
        }
        catch (Exception e)
        {
            var lost = e as StoreBusyException ?? new StoreBusyException($"nothing was written: {e.Message}", e);
            foreach (var job in jobs) job.Lose(lost);
            // Should even this fail, the process ends: a restart recovers what a stuck connection cannot.
            if (line.InTransaction) line.Do("ROLLBACK");
            return;
        }

        foreach (var job in jobs) job.Answer();
    }

    private void Try(SqliteJob job)
    {
        var session = new SqliteSession(line, now());
        line.Do("SAVEPOINT caller");
        try
        {
            job.Run(session);
            session.End();
        }
        catch (Exception e)
        {
            session.End();
            if (session.Failure is StoreBusyException || !line.InTransaction) throw;
            job.Failure = e;
            line.Do("ROLLBACK TO caller");
        }

        line.Do("RELEASE caller");
    }
}
