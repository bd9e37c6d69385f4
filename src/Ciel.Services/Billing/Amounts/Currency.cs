namespace Ciel.Services.Billing.Amounts;

/// <summary>A currency and how many decimals its money has.</summary>
/// <param name="Code">ISO 4217, three capitals.</param>
/// <param name="Decimals">0, 2 or 3.</param>
internal sealed record Currency(string Code, int Decimals)
{
    // ISO 4217, list one: the active currencies with a minor unit of 0 and 3, and all that have 2.
    private const string Without = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";
    private const string Thousandths = "BHD IQD JOD KWD LYD OMR TND";
    private const string Hundredths =
        """
        AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD
        EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD
        MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK
        SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW ZWG
        """;

    private static readonly Dictionary<string, Currency> All = Each(Without, 0).Concat(Each(Hundredths, 2)).Concat(Each(Thousandths, 3)).ToDictionary(c => c.Code);

    /// <summary>Its smallest money, such as 0.01.</summary>
    public Fixed Unit { get; } = Fixed.Parse(Decimals == 0 ? "1" : "0." + "1".PadLeft(Decimals, '0'));

    /// <summary>The currency of that code; null where ISO 4217 has none.</summary>
    public static Currency? Find(string code) => All.GetValueOrDefault(code);

    /// <summary>Rounds to its money, a half away from zero.</summary>
    public Fixed Round(Fixed amount) => amount.Rounded(Decimals);

    /// <summary>With all its decimals: <c>12.00</c>.</summary>
    public string Text(Fixed amount) => amount.ToString(Decimals);

    private static IEnumerable<Currency> Each(string codes, int decimals) =>
        codes.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(code => new Currency(code, decimals));
}
