namespace Ciel.Services.ObjectStorage.Metering;

/// <summary>
/// Bytes times an instant (µs UTC), exact: a petabyte times today needs 101 bits, and neither database adds so many. So it is kept as two numbers that
/// each may be added to by SQL, and what the low one has too much is carried to the high one.
/// </summary>
internal readonly record struct Moment(long High, long Low)
{
    public const int Bits = 60;
    public const long Mask = (1L << Bits) - 1;

    public Int128 Value => ((Int128)High << Bits) + Low;

    public static Moment Of(long bytes, long at) => Of((Int128)bytes * at);

    public static Moment Of(Int128 value) => new((long)(value >> Bits), (long)(value & Mask));
}
