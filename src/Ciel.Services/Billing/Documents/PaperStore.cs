using Ciel.Core.Store;

namespace Ciel.Services.Billing.Documents;

/// <summary>The SQL of documents.</summary>
internal static class PaperStore
{
    /// <summary>The price book that was in force at an instant; 0 for the one that ships.</summary>
    public static async Task<long> BookAt(Reader reader, long at) =>
        await reader.Scalar<long?>("SELECT MAX(version) FROM billing_book WHERE imported_at <= @at", new { at }) ?? 0;
}
