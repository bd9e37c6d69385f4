using System.Globalization;
using System.Text;
using System.Xml;
using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Amounts;

namespace Ciel.Services.Billing.Documents;

/// <summary>
/// An e-invoice in UN/CEFACT's Cross Industry Invoice D16B, as Factur-X and ZUGFeRD have it in the profile EN 16931. Elements stand in the
/// schema's order.
/// </summary>
internal sealed class Cii
{
    private const string Rsm = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100";
    private const string Ram = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100";
    private const string Udt = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100";
    private readonly XmlWriter _xml;
    private readonly EInvoice _invoice;

    private Cii(XmlWriter xml, EInvoice invoice) => (_xml, _invoice) = (xml, invoice);

    /// <summary>The file, UTF-8.</summary>
    public static byte[] Of(EInvoice invoice)
    {
        using var buffer = new MemoryStream();
        using (var xml = XmlWriter.Create(buffer, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true, NewLineChars = "\n", CheckCharacters = true }))
        {
            new Cii(xml, invoice).Write();
        }

        return buffer.ToArray();
    }

    private void Write()
    {
        _xml.WriteStartElement("rsm", "CrossIndustryInvoice", Rsm);
        _xml.WriteAttributeString("xmlns", "ram", null, Ram);
        _xml.WriteAttributeString("xmlns", "udt", null, Udt);
        In(Rsm, "ExchangedDocumentContext", () => In("GuidelineSpecifiedDocumentContextParameter", () => Text("ID", "urn:cen.eu:en16931:2017")));
        In(Rsm, "ExchangedDocument", () =>
        {
            Text("ID", _invoice.Number);
            Text("TypeCode", _invoice.Type);
            Day("IssueDateTime", _invoice.Issued);
        });
        In(Rsm, "SupplyChainTradeTransaction", () =>
        {
            foreach (var line in _invoice.Lines)
            {
                In("IncludedSupplyChainTradeLineItem", () => Line(line));
            }

            In("ApplicableHeaderTradeAgreement", Agreement);
            In("ApplicableHeaderTradeDelivery", Delivery);
            In("ApplicableHeaderTradeSettlement", Settlement);
        });
        _xml.WriteEndElement();
    }

    private void Line(EInvoiceLine line)
    {
        In("AssociatedDocumentLineDocument", () => Text("LineID", line.Number.ToString(CultureInfo.InvariantCulture)));
        In("SpecifiedTradeProduct", () =>
        {
            Text("SellerAssignedID", line.Product);
            Text("Name", line.Name);
            Text("Description", line.Description);
        });
        In("SpecifiedLineTradeAgreement", () => In("NetPriceProductTradePrice", () => Text("ChargeAmount", line.Price.ToString())));
        In("SpecifiedLineTradeDelivery", () => Text("BilledQuantity", line.Quantity.ToString(), ("unitCode", line.Unit)));
        In("SpecifiedLineTradeSettlement", () =>
        {
            In("ApplicableTradeTax", () => Tax(line.Tax));
            Period(line.Period);
            In("SpecifiedTradeSettlementLineMonetarySummation", () => Money("LineTotalAmount", line.Amount));
        });
    }

    private void Agreement()
    {
        Text("BuyerReference", _invoice.Buyer["reference"]);
        In("SellerTradeParty", () => Trader(_invoice.Seller, seller: true));
        In("BuyerTradeParty", () => Trader(_invoice.Buyer, seller: false));
        if (_invoice.Buyer["order"] is { } order)
        {
            In("BuyerOrderReferencedDocument", () => Text("IssuerAssignedID", order));
        }
    }

    private void Trader(Party party, bool seller)
    {
        // Category O forbids VAT numbers (BR-O-02), and a seller must bear some number (BR-CO-26).
        var outside = _invoice.Taxes.All(t => t.Kind.Category == "O");
        var registration = party["registration"] ?? (party.Vat is null || outside ? party.TaxNumber : null);
        if (seller && registration is null && (outside || party.Vat is null))
        {
            Text("ID", party.Name);
        }

        Text("Name", party.Name);
        if (registration is not null)
        {
            In("SpecifiedLegalOrganization", () => Text("ID", registration));
        }

        if (seller && (party["contact"] ?? party["phone"] ?? party["email"]) is not null)
        {
            In("DefinedTradeContact", () => Contact(party));
        }

        In("PostalTradeAddress", () =>
        {
            Text("PostcodeCode", party["postcode"]);
            Text("LineOne", party["street"]);
            Text("CityName", party["city"]);
            Text("CountryID", party.Country);
            Text("CountrySubDivisionName", party["region"]);
        });
        if (party["email"] is { } mail)
        {
            In("URIUniversalCommunication", () => Text("URIID", mail, ("schemeID", "EM")));
        }

        if (!outside && (party.Vat ?? (seller ? party.TaxNumber : null)) is { } number)
        {
            In("SpecifiedTaxRegistration", () => Text("ID", number, ("schemeID", party.Vat is null ? "FC" : "VA")));
        }
    }

    private void Contact(Party party)
    {
        Text("PersonName", party["contact"]);
        if (party["phone"] is { } phone)
        {
            In("TelephoneUniversalCommunication", () => Text("CompleteNumber", phone));
        }

        if (party["email"] is { } mail)
        {
            In("EmailURIUniversalCommunication", () => Text("URIID", mail));
        }
    }

    // Within the EU the country where it goes to must be said (BR-IC-12); the period is when (BR-IC-11).
    private void Delivery()
    {
        if (_invoice.Taxes.Any(t => t.Kind.Category == "K"))
        {
            In("ShipToTradeParty", () => In("PostalTradeAddress", () => Text("CountryID", _invoice.Buyer.Country)));
        }
    }

    private void Settlement()
    {
        Text("PaymentReference", _invoice.Number);
        Text("InvoiceCurrencyCode", _invoice.Money.Code);
        if (_invoice.Seller["iban"] is { } iban && _invoice.Type == "380")
        {
            In("SpecifiedTradeSettlementPaymentMeans", () => Transfer(Iban.Plain(iban)));
        }

        foreach (var tax in _invoice.Taxes)
        {
            In("ApplicableTradeTax", () => Tax(tax));
        }

        Period(_invoice.Period);
        foreach (var allowance in _invoice.Allowances)
        {
            In("SpecifiedTradeAllowanceCharge", () => Off(allowance));
        }

        In("SpecifiedTradePaymentTerms", () => Day("DueDateDateTime", _invoice.DueDate));
        In("SpecifiedTradeSettlementHeaderMonetarySummation", Sums);
        if (_invoice.Preceding is { } preceding)
        {
            In("InvoiceReferencedDocument", () =>
            {
                Text("IssuerAssignedID", preceding.Number);
                In("FormattedIssueDateTime", () => DateText("qdt", "urn:un:unece:uncefact:data:standard:QualifiedDataType:100", preceding.Issued));
            });
        }

        // BT-19.
        if (_invoice.Buyer["cost_centre"] is { } centre)
        {
            In("ReceivableSpecifiedTradeAccountingAccount", () => Text("ID", centre));
        }
    }

    // UNTDID 4461: 58 is a SEPA transfer, which pays in euro only; 30 any other.
    private void Transfer(string iban)
    {
        Text("TypeCode", _invoice.Money.Code == "EUR" ? "58" : "30");
        In("PayeePartyCreditorFinancialAccount", () =>
        {
            Text("IBANID", iban);
            Text("AccountName", _invoice.Seller.Name);
        });
        if (_invoice.Seller["bic"] is { } bic)
        {
            In("PayeeSpecifiedCreditorFinancialInstitution", () => Text("BICID", bic));
        }
    }

    private void Tax(TaxKind kind)
    {
        Text("TypeCode", "VAT");
        Text("CategoryCode", kind.Category);
        Percent(kind);
    }

    private void Tax(TaxSum tax)
    {
        Money("CalculatedAmount", tax.Amount);
        Text("TypeCode", "VAT");
        Text("ExemptionReason", tax.Reason);
        Money("BasisAmount", tax.Basis);
        Text("CategoryCode", tax.Kind.Category);
        Text("ExemptionReasonCode", tax.Kind.ReasonCode);
        Percent(tax.Kind);
    }

    // BR-O-05: what is outside of VAT has no rate, not even one of zero.
    private void Percent(TaxKind kind) => Text("RateApplicablePercent", kind.Category == "O" ? null : kind.Percent.ToString());

    private void Off(Allowance allowance)
    {
        In("ChargeIndicator", () => _xml.WriteElementString("udt", "Indicator", Udt, "false"));
        Money("ActualAmount", allowance.Amount);
        Text("ReasonCode", "95");
        Text("Reason", allowance.Reason);
        In("CategoryTradeTax", () => Tax(allowance.Tax));
    }

    private void Sums()
    {
        Money("LineTotalAmount", _invoice.LineTotal);
        if (_invoice.Allowances.Count > 0)
        {
            Money("AllowanceTotalAmount", _invoice.AllowanceTotal);
        }

        Money("TaxBasisTotalAmount", _invoice.Net);
        Text("TaxTotalAmount", _invoice.Money.Text(_invoice.Tax), ("currencyID", _invoice.Money.Code));
        Money("GrandTotalAmount", _invoice.Total);
        if (_invoice.Paid != Fixed.Zero)
        {
            Money("TotalPrepaidAmount", _invoice.Paid);
        }

        Money("DuePayableAmount", _invoice.Due);
    }

    private void Period((DateOnly From, DateOnly To) days) => In("BillingSpecifiedPeriod", () =>
    {
        Day("StartDateTime", days.From);
        Day("EndDateTime", days.To);
    });

    private void Money(string name, Fixed amount) => Text(name, _invoice.Money.Text(amount));

    private void Day(string name, DateOnly day) => In(name, () => DateText("udt", Udt, day));

    private void DateText(string prefix, string space, DateOnly day)
    {
        _xml.WriteStartElement(prefix, "DateTimeString", space);
        _xml.WriteAttributeString("format", "102");
        _xml.WriteString(day.ToString("yyyyMMdd", CultureInfo.InvariantCulture));
        _xml.WriteEndElement();
    }

    private void Text(string name, string? value, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        if (value is null)
        {
            return;
        }

        _xml.WriteStartElement("ram", name, Ram);
        foreach (var (attribute, text) in attributes)
        {
            _xml.WriteAttributeString(attribute, text);
        }

        _xml.WriteString(Good(value));
        _xml.WriteEndElement();
    }

    // Names are what people typed: XML knows fewer characters than they do.
    private static string Good(string value) => value.All(XmlConvert.IsXmlChar) ? value : string.Concat(value.Where(XmlConvert.IsXmlChar));

    private void In(string name, Action content) => In(Ram, name, content);

    private void In(string space, string name, Action content)
    {
        _xml.WriteStartElement(space == Rsm ? "rsm" : "ram", name, space);
        content();
        _xml.WriteEndElement();
    }
}
