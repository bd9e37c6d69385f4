namespace Ciel.Live.Qemu;

/// <summary>A guest of a few bytes: 16-bit code in a boot sector, put together from position-independent pieces.</summary>
internal static class BootSector
{
    /// <summary>cli; cld; all segments and the stack at their places.</summary>
    private const string Prelude = "fa fc 31c0 8ed8 8ec0 8ed0 bc007c";

    /// <summary>hlt for ever.</summary>
    public const string Halt = "f4 ebfd";

    /// <summary>Power off by the chipset's port 0x604.</summary>
    public const string PowerOff = "ba0406 b80020 ef";

    /// <summary>Enable the ACPI power button and wait for it.</summary>
    public const string AwaitButton = "ba0206 b80001 ef ba0006 ed a90001 74fa";

    /// <summary>Reset, but only if the clock's spare byte does not say that it was done before.</summary>
    public const string ResetOnce = "b040 e670 e471 84c0 750d b040 e670 b001 e671 b0fe e664 f4";

    /// <summary>Fill the disk's second sector with 0x5a.</summary>
    public const string WriteSecondSector = "bf007e b85a5a b90001 f3ab b80103 b90200 ba8000 bb007e cd13";

    /// <summary>Say something on the serial port.</summary>
    public static string Say(string text) => "baf803" + string.Concat(text.Select(c => $"b0{(byte)c:x2}ee"));

    /// <summary>A raw disk of 1 MiB that boots these pieces, one after the other.</summary>
    public static byte[] Disk(params string[] pieces)
    {
        var disk = new byte[1 << 20];
        Convert.FromHexString((Prelude + string.Concat(pieces)).Replace(" ", "", StringComparison.Ordinal)).CopyTo(disk, 0);
        (disk[510], disk[511]) = (0x55, 0xaa);
        return disk;
    }
}
