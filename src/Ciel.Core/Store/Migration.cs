namespace Ciel.Core.Store;

/// <summary>One step of a schema, applied once and in order. Never edited after a release; add another.</summary>
/// <param name="Owner">The service or room that owns the tables; they bear its prefix.</param>
/// <param name="Number">From 1, gapless for each owner.</param>
/// <param name="Statements">Neutral SQL, one statement each (<see cref="Dialect.Ddl"/>).</param>
public sealed record Migration(string Owner, int Number, IReadOnlyList<string> Statements);
