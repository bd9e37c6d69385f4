using System.Runtime.InteropServices;

namespace Ciel.Tests.Store;

/// <summary>One thing that SQLite did to a file, or a note of the test between two of them.</summary>
/// <param name="Kind">write, truncate, sync, delete or note.</param>
/// <param name="File">The file's name; the note's text.</param>
/// <param name="At">Where a write begins; the size after a truncation.</param>
/// <param name="Bytes">What is written.</param>
internal sealed record DiskStep(string Kind, string File, long At, byte[] Bytes);

/// <summary>
/// SQLite's own file system with a witness: everything that changes files in one directory is written down, in order. It becomes the process's default,
/// and does nothing to files elsewhere (sqlite3_vfs and sqlite3_io_methods as in sqlite3.h, 64 bits).
/// </summary>
internal static class RecordingVfs
{
    private const int VfsSize = 168;
    private const int NameAt = 24;
    private const int OpenAt = 40;
    private const int DeleteAt = 48;
    private const int MethodsSize = 152;
    private static readonly Lock Gate = new();
    private static readonly Dictionary<nint, (string Path, nint Methods)> Files = [];
    private static readonly Dictionary<string, List<DiskStep>> Logs = [];
    private static readonly Dictionary<nint, nint> Copies = [];
    private static readonly List<Delegate> Alive = [];
    private static nint _below;

    private delegate int OpenCall(nint vfs, nint name, nint file, int flags, nint outFlags);

    private delegate int DeleteCall(nint vfs, nint name, int syncDirectory);

    private delegate int CloseCall(nint file);

    private delegate int WriteCall(nint file, nint bytes, int count, long offset);

    private delegate int SizeCall(nint file, long size);

    private delegate int SyncCall(nint file, int flags);

    /// <summary>Writes down from now on what happens in a directory.</summary>
    public static List<DiskStep> Watch(string directory)
    {
        lock (Gate)
        {
            if (_below == 0)
            {
                Register();
            }

            return Logs[directory] = [];
        }
    }

    public static void Forget(string directory)
    {
        lock (Gate)
        {
            Logs.Remove(directory);
        }
    }

    public static void Note(string directory, string text)
    {
        lock (Gate)
        {
            Logs[directory].Add(new DiskStep("note", text, 0, []));
        }
    }

    private static void Register()
    {
        SQLitePCL.Batteries_V2.Init();
        _below = Find(0);
        var mine = Marshal.AllocHGlobal(VfsSize);
        Copy(_below, mine, VfsSize);
        Marshal.WriteIntPtr(mine, NameAt, Marshal.StringToHGlobalAnsi("ciel-recording"));
        Marshal.WriteIntPtr(mine, OpenAt, Pointer(new OpenCall(Open)));
        Marshal.WriteIntPtr(mine, DeleteAt, Pointer(new DeleteCall(Delete)));
        Register(mine, 1).ShouldBe(0);
    }

    private static int Open(nint vfs, nint name, nint file, int flags, nint outFlags)
    {
        var result = At<OpenCall>(_below, OpenAt)(_below, name, file, flags, outFlags);
        var methods = Marshal.ReadIntPtr(file);
        if (name == 0 || methods == 0)
        {
            return result;
        }

        lock (Gate)
        {
            var path = Marshal.PtrToStringUTF8(name)!;
            if (Logs.ContainsKey(Path.GetDirectoryName(path)!))
            {
                Files[file] = (path, methods);
                Marshal.WriteIntPtr(file, Witnessed(methods));
            }
        }

        return result;
    }

    private static nint Witnessed(nint methods)
    {
        if (!Copies.TryGetValue(methods, out var copy))
        {
            Copies[methods] = copy = Marshal.AllocHGlobal(MethodsSize);
            Copy(methods, copy, MethodsSize);
            Marshal.WriteIntPtr(copy, 8, Pointer(new CloseCall(f => Below(f).Call<CloseCall>(8)(f))));
            Marshal.WriteIntPtr(copy, 24, Pointer(new WriteCall(Write)));
            Marshal.WriteIntPtr(copy, 32, Pointer(new SizeCall((f, size) => Done(Below(f).Call<SizeCall>(32)(f, size), f, "truncate", size, []))));
            Marshal.WriteIntPtr(copy, 40, Pointer(new SyncCall((f, flags) => Done(Below(f).Call<SyncCall>(40)(f, flags), f, "sync", 0, []))));
        }

        return copy;
    }

    private static int Write(nint file, nint bytes, int count, long offset)
    {
        var copy = new byte[count];
        Marshal.Copy(bytes, copy, 0, count);
        return Done(Below(file).Call<WriteCall>(24)(file, bytes, count, offset), file, "write", offset, copy);
    }

    private static int Delete(nint vfs, nint name, int syncDirectory)
    {
        var path = Marshal.PtrToStringUTF8(name)!;
        Add(path, new DiskStep("delete", Path.GetFileName(path), 0, []));
        return At<DeleteCall>(_below, DeleteAt)(_below, name, syncDirectory);
    }

    private static int Done(int result, nint file, string kind, long at, byte[] bytes)
    {
        result.ShouldBe(0);
        var path = Below(file).Path;
        Add(path, new DiskStep(kind, Path.GetFileName(path), at, bytes));
        return result;
    }

    private static void Add(string path, DiskStep step)
    {
        lock (Gate)
        {
            Logs.GetValueOrDefault(Path.GetDirectoryName(path)!)?.Add(step);
        }
    }

    private static Original Below(nint file)
    {
        lock (Gate)
        {
            return new Original(Files[file].Path, Files[file].Methods);
        }
    }

    private static T At<T>(nint table, int offset) => Marshal.GetDelegateForFunctionPointer<T>(Marshal.ReadIntPtr(table, offset));

    private static nint Pointer(Delegate call)
    {
        Alive.Add(call);
        return Marshal.GetFunctionPointerForDelegate(call);
    }

    private static void Copy(nint from, nint to, int count)
    {
        var bytes = new byte[count];
        Marshal.Copy(from, bytes, 0, count);
        Marshal.Copy(bytes, 0, to, count);
    }

    [DllImport("e_sqlite3", EntryPoint = "sqlite3_vfs_find")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static extern nint Find(nint name);

    [DllImport("e_sqlite3", EntryPoint = "sqlite3_vfs_register")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static extern int Register(nint vfs, int makeDefault);

    private readonly record struct Original(string Path, nint Methods)
    {
        public T Call<T>(int offset) => At<T>(Methods, offset);
    }
}
