using System.Security;
using System.Text;

namespace Ciel.Services.Billing.Documents.Pdf;

/// <summary>A file's own account of itself (ISO 16684-1): PDF/A-3 level B, and Factur-X where an e-invoice is in it.</summary>
internal static class Xmp
{
    /// <param name="title">The document's title.</param>
    /// <param name="made">When it was made, RFC 3339.</param>
    /// <param name="attachment">The e-invoice's file name; null where there is none.</param>
    public static byte[] Of(string title, string made, string? attachment) => Encoding.UTF8.GetBytes(
        $"""
        <?xpacket begin="{'\uFEFF'}" id="W5M0MpCehiHzreSzNTczkc9d"?>
        <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
        <rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"><pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance></rdf:Description>
        <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title><rdf:Alt><rdf:li xml:lang="x-default">{SecurityElement.Escape(title)}</rdf:li></rdf:Alt></dc:title></rdf:Description>
        <rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"><xmp:CreateDate>{made}</xmp:CreateDate><xmp:ModifyDate>{made}</xmp:ModifyDate><xmp:CreatorTool>Ciel</xmp:CreatorTool></rdf:Description>
        {(attachment is null ? "" : FacturX(attachment))}
        </rdf:RDF></x:xmpmeta>
        <?xpacket end="w"?>
        """);

    // PDF/A wants every property outside of its own list described in the file.
    private static string FacturX(string attachment)
    {
        const string Space = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#";
        (string Name, string Means)[] described =
        [
            ("DocumentFileName", "The name of the embedded XML document"),
            ("DocumentType", "The type of the hybrid document in capital letters"),
            ("Version", "The version of the standard applying to the embedded XML document"),
            ("ConformanceLevel", "The conformance level of the embedded XML document"),
        ];
        var properties = string.Concat(described.Select(p =>
            $"""
            <rdf:li rdf:parseType="Resource"><pdfaProperty:name>{p.Name}</pdfaProperty:name><pdfaProperty:valueType>Text</pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category><pdfaProperty:description>{p.Means}</pdfaProperty:description></rdf:li>

            """));
        return
            $"""
            <rdf:Description rdf:about="" xmlns:fx="{Space}"><fx:DocumentType>INVOICE</fx:DocumentType><fx:DocumentFileName>{attachment}</fx:DocumentFileName><fx:Version>1.0</fx:Version><fx:ConformanceLevel>EN 16931</fx:ConformanceLevel></rdf:Description>
            <rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
            <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
            <pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema><pdfaSchema:namespaceURI>{Space}</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix>
            <pdfaSchema:property><rdf:Seq>
            {properties}</rdf:Seq></pdfaSchema:property>
            </rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
            """;
    }
}
