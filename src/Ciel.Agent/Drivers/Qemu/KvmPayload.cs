namespace Ciel.Agent.Drivers.Qemu;

/// <summary>
/// A boot sector that does what stops kernels on a poor KVM: it switches to long mode, counts to fifty million, asks CPUID, walks a
/// MiB of memory, says <see cref="Says"/> on the first serial port and powers off. A tenth of a second on a real KVM.
/// </summary>
internal static class KvmPayload
{
    public const string Says = "ok";

    private static readonly string[] Code =
    [
        "fa fc 31c0 8ed8 8ec0 8ed0 bc007c", // cli; cld; ds, es, ss = 0; sp = 0x7c00
        "bf0010 b90018 f3ab", // clear three page tables from 0x1000 on
        "c70600100320 c70600200330 c70600308300", // level 4 -> level 3 -> level 2 -> the first 2 MiB
        "0f20e0 6683c820 0f22e0", // cr4: physical address extension
        "66b800100000 0f22d8", // cr3 = 0x1000
        "66b9800000c0 0f32 660d00010000 0f30", // efer: long mode
        "0f0116b87c 0f20c0 660d01000080 0f22c0", // lgdt [0x7cb8]; cr0: protection, paging
        "ea607c0800", // jmp 8:0x7c60, 64-bit code from here
        "b980f0fa02 ffc9 75fc", // ecx = 50,000,000; dec ecx; jnz
        "be00001000 b900000200 31c0 0fa2", // rsi = 1 MiB; cpuid(0)
        "b900000200 480306 488906 4883c608 ffc9 75f2", // add and store 131,072 words
        "baf8030000 b06f ee b06b ee", // "ok" to 0x3f8
        "ba04060000 b800200000 66ef f4 ebfd", // power off by the chipset's port 0x604; hlt for ever
        "0f1f4000", // alignment
        "0000000000000000 00000000009a2000", // descriptors: none, 64-bit code
        "0f00 a87c0000", // their table's length and address
    ];

    /// <summary>A disk with the sector at its start; firmware boots none of less than a cylinder.</summary>
    public static byte[] Disk()
    {
        var disk = new byte[1 << 20];
        Convert.FromHexString(string.Concat(Code).Replace(" ", "", StringComparison.Ordinal)).CopyTo(disk, 0);
        (disk[510], disk[511]) = (0x55, 0xaa);
        return disk;
    }
}
