using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Ciel.Services.Billing.Documents.Pdf;

/// <summary>A PDF file (ISO 32000-1) written object by object. The same objects give the same bytes.</summary>
internal sealed class PdfFile
{
    private readonly List<byte[]?> _objects = [];

    /// <summary>A number for an object that comes later.</summary>
    public int Reserve()
    {
        _objects.Add(null);
        return _objects.Count;
    }

    /// <summary>Writes a reserved object.</summary>
    public int Set(int number, string body)
    {
        _objects[number - 1] = Encoding.Latin1.GetBytes(body);
        return number;
    }

    /// <summary>Adds an object.</summary>
    public int Add(string body) => Set(Reserve(), body);

    /// <summary>Adds a stream.</summary>
    /// <param name="entries">Of its dictionary, without length and filter.</param>
    /// <param name="bytes">The content.</param>
    /// <param name="plain">Left as it is, for what others read without a PDF library.</param>
    public int Stream(string entries, ReadOnlySpan<byte> bytes, bool plain = false)
    {
        var content = plain ? bytes.ToArray() : Deflated(bytes);
        var head = $"<< {entries} /Length {content.Length.ToString(CultureInfo.InvariantCulture)}{(plain ? "" : " /Filter /FlateDecode")} >>\nstream\n";
        _objects.Add([.. Encoding.Latin1.GetBytes(head), .. content, .. "\nendstream"u8]);
        return _objects.Count;
    }

    /// <summary>The whole file.</summary>
    public byte[] Close(int root)
    {
        using var file = new MemoryStream();
        file.Write([.. "%PDF-1.7\n%"u8, 0xE2, 0xE3, 0xCF, 0xD3, (byte)'\n']); // Four bytes above 127 tell that the file is binary.
        var table = new StringBuilder();
        for (var i = 0; i < _objects.Count; i++)
        {
            table.Append(CultureInfo.InvariantCulture, $"{file.Length:0000000000} 00000 n \n");
            file.Write(Encoding.Latin1.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{i + 1} 0 obj\n")));
            file.Write(_objects[i] ?? throw new InvalidOperationException($"The object {i + 1} was reserved and never written."));
            file.Write("\nendobj\n"u8);
        }

        var (start, count) = (file.Length, _objects.Count + 1);
        var id = Convert.ToHexString(SHA256.HashData(file.ToArray()).AsSpan(0, 16));
        file.Write(Encoding.Latin1.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"xref\n0 {count}\n0000000000 65535 f \n{table}trailer\n<< /Size {count} /Root {root} 0 R /ID [<{id}> <{id}>] >>\nstartxref\n{start}\n%%EOF\n")));
        return file.ToArray();
    }

    private static byte[] Deflated(ReadOnlySpan<byte> bytes)
    {
        using var packed = new MemoryStream();
        using (var deflate = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            deflate.Write(bytes);
        }

        return packed.ToArray();
    }
}
