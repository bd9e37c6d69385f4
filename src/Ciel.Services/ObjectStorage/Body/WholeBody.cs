using Ciel.Services.ObjectStorage.Door;

namespace Ciel.Services.ObjectStorage.Body;

/// <summary>Reads the small body of a control request whole.</summary>
internal static class WholeBody
{
    public static async Task<byte[]> Read(S3Call call, int most, Expected? expected = null)
    {
        using var body = IncomingBody.Of(call, call.Http.Request.Body, expected ?? Expected.Of(call));
        using var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await body.ReadAsync(buffer, call.Cancel) is > 0 and var read)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > most)
            {
                throw TooBig(most);
            }
        }

        return bytes.ToArray();
    }

    public static S3Fault TooBig(int most) => new(400, "MaxMessageLengthExceeded", "Your request was too big.") { Extra = [("MaxMessageLengthBytes", most.ToString())] };
}
