using Ciel.Services.ObjectStorage.Body;

namespace Ciel.Services.ObjectStorage.Metering;

/// <summary>Counts the bytes that come in.</summary>
internal sealed class MeteredRequest(Stream inner, CallMeter meter) : ReadOnlyStream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        meter.Received(read);
        return read;
    }
}
