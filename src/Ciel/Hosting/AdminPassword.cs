using System.Buffers.Text;
using Ciel.Core;

namespace Ciel.Hosting;

/// <summary>The admin's first password: random, kept where only the operator reads it. Changing it later does not change the file.</summary>
internal static class AdminPassword
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static string PathOf(CielOptions options) => Path.Combine(options.Config, "admin-password");

    public static string Of(CielOptions options, ISecrets secrets)
    {
        var path = PathOf(options);
        if (File.Exists(path))
        {
            return File.ReadAllText(path).Trim();
        }

        Span<byte> bytes = stackalloc byte[18];
        secrets.Fill(bytes);
        var password = Base64Url.EncodeToString(bytes);
        using var file = new StreamWriter(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });
        file.WriteLine(password);
        return password;
    }
}
