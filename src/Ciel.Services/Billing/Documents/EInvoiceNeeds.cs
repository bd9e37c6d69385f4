namespace Ciel.Services.Billing.Documents;

/// <summary>What an invoice lacks to be an e-invoice. What an issued one lacks it lacks for good; the next one will have it.</summary>
internal static class EInvoiceNeeds
{
    /// <summary>Sentences, each with the command that mends it; none where nothing lacks.</summary>
    public static IEnumerable<string> Of(EInvoice invoice)
    {
        if (invoice.Seller.Country.Length == 0)
        {
            yield return "The seller's country is not known (BR-9): `ciel entity set ID --country DE`.";
        }

        if (invoice.Buyer.Country.Length == 0)
        {
            yield return "The buyer's country is not known (BR-11): `ciel account set ID --country DE`.";
        }

        if (invoice.Money.Decimals > 2)
        {
            yield return $"EN 16931 knows two decimals at most; {invoice.Money.Code} has {invoice.Money.Decimals}.";
        }

        if (invoice.Lines.Count == 0)
        {
            yield return "It has no line (BR-16).";
        }

        var taxed = invoice.Taxes.Select(t => t.Kind.Category).Where(c => c != "O").Distinct().ToList();
        if (taxed.Count > 0 && invoice.Seller.TaxNumber is null)
        {
            yield return $"Tax of category {taxed[0]} needs the seller's tax number (BR-{taxed[0]}-2): `ciel entity set ID --tax-number DE123456789`.";
        }

        if (taxed.Any(c => c is "AE" or "K" or "G") && invoice.Seller.Vat is null)
        {
            yield return "Reverse charge and export need a seller's VAT number that begins with its country: `ciel entity set ID --tax-number DE123456789`.";
        }

        if (taxed.Any(c => c is "AE" or "K") && invoice.Buyer.Vat is null)
        {
            yield return "Reverse charge needs the buyer's VAT number: `ciel account set ID --tax-number FR12345678901`.";
        }
    }
}
