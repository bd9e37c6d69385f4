using System.Text;
using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Events;
using Ciel.Core.Http;
using Ciel.Core.Store;

namespace Ciel.Services.Billing.Prices;

/// <summary>Routes of the price book: read it, check a next one, put it in force.</summary>
internal sealed class PriceApi(Db db, Ids ids, BookShelf shelf)
{
    public void Map(Routes routes)
    {
        routes.Get("/v1/prices", Show);
        routes.Put("/v1/prices", Import);
    }

    private async Task Show(Call call)
    {
        call.Actor.RequireAdmin("billing:prices:show");
        var document = await db.Read(
            async r => await BookShelf.Document(r, call.Query("version") is not { } wanted ? (await shelf.Current(r)).Version : await Known(r, wanted)), call.Cancel);
        var bytes = Encoding.UTF8.GetBytes(document);
        call.Http.Response.ContentType = "application/yaml";
        call.Http.Response.ContentLength = bytes.Length;
        await call.Http.Response.Body.WriteAsync(bytes, call.Cancel);
    }

    private async Task<long> Known(Reader reader, string wanted) =>
        long.TryParse(wanted, out var version) && version >= 0 && version <= (await shelf.Current(reader)).Version
            ? version
            : throw Fault.NotFound($"There is no price book {wanted}. Versions count from 0, which is the one that shipped.");

    // The book that shipped binds nobody until the first invoice: an operator begins with a book of their own.
    // With ?check=true nothing is changed; with ?retroactive=true entries may begin in the past.
    private async Task Import(Call call)
    {
        call.Actor.RequireAdmin("billing:prices:import");
        var document = Encoding.UTF8.GetString((await call.BodyBytes(BookFile.Longest)).Span);
        var next = Read(document);
        var (check, retroactive, id) = (call.Query("check") == "true", call.Query("retroactive") == "true", ids.Uuid());
        var (version, unmetered) = await db.Write(
            async tx =>
            {
                await tx.Dialect.HoldName(tx, "billing_book");
                var (last, book) = await shelf.Current(tx);
                var bound = last > 0 || await BookShelf.IsInUse(tx);
                if (bound && BookRules.Forbidden(book, next, tx.Now, retroactive).ToList() is { Count: > 0 } broken)
                {
                    throw Fault.Conflict(string.Join('\n', broken));
                }

                if (!check && document != await BookShelf.Document(tx, last))
                {
                    await BookShelf.Add(tx, ++last, document, call.Actor.UserId);
                    await AuditLog.Note(tx, id, call.Actor, "import", "price-book", last.ToString(System.Globalization.CultureInfo.InvariantCulture));
                }

                return (last, await BookHints.Unmetered(tx, next));
            },
            call.Cancel);
        await call.One("prices", json =>
        {
            json.WriteStartObject();
            json.WriteNumber("version", version);
            json.WriteNumber("products", next.Products.Count);
            json.WriteNumber("prices", next.Prices.Count);
            json.WriteStrings("without_tax", BookHints.WithoutTax(next));
            json.WriteStrings("without_meter", unmetered);
            json.WriteEndObject();
        });
    }

    private static PriceBook Read(string document)
    {
        try
        {
            return BookFile.Read(document);
        }
        catch (BookMistake mistake)
        {
            throw Fault.BadRequest(mistake.Message);
        }
    }
}
