using System.Buffers.Text;
using Ciel.Core;

namespace Ciel.Hosting;

/// <summary>The admin's first password: random, kept where only the operator reads it.</summary>
internal static class AdminPassword
{
    public static string Of(CielOptions options, ISecrets secrets)
    {
        var path = options.PasswordFile;
        if (File.Exists(path))
        {
            return File.ReadAllText(path).Trim();
        }

        Span<byte> bytes = stackalloc byte[18];
        secrets.Fill(bytes);
        var password = Base64Url.EncodeToString(bytes);
        SecretFile.Write(path, password + "\n");
        return password;
    }
}
