using System.Xml.Linq;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Multipart;

/// <summary>A part that a completion names.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Etag">Without quotes.</param>
/// <param name="Element">As it came.</param>
internal sealed record WantedPart(long Number, string Etag, XElement Element)
{
    public static WantedPart Parse(XElement part)
    {
        var text = part.Text("PartNumber");
        return !long.TryParse(text, out var number) || part.Text("ETag") is not { } etag ? throw Faults.MalformedXml()
            : number < 1 ? throw Faults.InvalidArgument("PartNumber", text, "PartNumber must be >= 1")
            : new WantedPart(number, etag.Trim('"'), part);
    }

    /// <summary>What it says of its checksum.</summary>
    public string? Checksum(string? algorithm) => algorithm is null ? null : Element.Text("Checksum" + algorithm);

    /// <summary>Refuses numbers that do not rise.</summary>
    public static void CheckOrder(IReadOnlyList<WantedPart> wanted)
    {
        for (var i = 1; i < wanted.Count; i++)
        {
            if (wanted[i].Number <= wanted[i - 1].Number)
            {
                throw new S3Fault(400, "InvalidPartOrder", "The list of parts was not in ascending order. The parts list must be specified in order by part number.");
            }
        }
    }
}
