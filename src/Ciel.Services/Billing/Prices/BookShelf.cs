using Ciel.Core.Store;
using Ciel.Services.Billing.Invoices;

namespace Ciel.Services.Billing.Prices;

/// <summary>The price books that have been in force: each a whole file, none ever changed.</summary>
internal sealed class BookShelf
{
    private readonly Lock _lock = new();
    private (long Version, PriceBook Book)? _read;

    /// <summary>The book in force and its version; the one that ships is version 0.</summary>
    public async Task<(long Version, PriceBook Book)> Current(Reader reader)
    {
        var version = await reader.Scalar<long?>("SELECT MAX(version) FROM billing_book") ?? 0;
        lock (_lock)
        {
            if (_read is { } read && read.Version == version)
            {
                return read;
            }
        }

        var fresh = (version, BookFile.Read(await Document(reader, version)));
        lock (_lock)
        {
            _read = fresh;
        }

        return fresh;
    }

    /// <summary>A book's file.</summary>
    public static async Task<string> Document(Reader reader, long version) =>
        version == 0 ? BookFile.Default : (await reader.Scalar<string>("SELECT document FROM billing_book WHERE version = @version", new { version }))!;

    /// <summary>Whether something has been invoiced by the books so far.</summary>
    public static async Task<bool> IsInUse(Reader reader) => await reader.Scalar<long>("SELECT COUNT(*) FROM billing_invoice WHERE " + InvoiceStore.Real) > 0;

    /// <summary>Puts the next book in force.</summary>
    public static Task Add(Tx tx, long version, string document, string user) => tx.Execute(
        "INSERT INTO billing_book (version, document, imported_at, imported_by) VALUES (@version, @document, @now, @user)",
        new { version, document, now = tx.Now, user });
}
