using System.Buffers.Binary;

namespace Ciel.Core;

/// <summary>Makes ids: UUIDs of version 7 (RFC 9562, 5.7), which sort by the time they were made, so that new rows lie side by side.</summary>
/// <param name="time">Gives the first 60 bits: milliseconds, and their fraction in place of 12 random bits (method 3 of 6.2).</param>
/// <param name="secrets">Gives the other 62.</param>
public sealed class Ids(TimeProvider time, ISecrets secrets)
{
    /// <summary>36 lower-case characters with dashes, as Nova, Neutron, Cinder and Glance name things.</summary>
    public string Uuid() => Next().ToString("D");

    /// <summary>32 lower-case hex digits, as Keystone names things, and for request and audit ids.</summary>
    public string Hex() => Next().ToString("N");

    private Guid Next()
    {
        var ticks = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks;
        var fraction = ticks % TimeSpan.TicksPerMillisecond * 4096 / TimeSpan.TicksPerMillisecond;
        Span<byte> bytes = stackalloc byte[16];
        secrets.Fill(bytes[8..]);
        BinaryPrimitives.WriteInt64BigEndian(bytes, (ticks / TimeSpan.TicksPerMillisecond << 16) | 0x7000 | fraction);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
