using Ciel.Hosting;
using Ciel.Services.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Commands;

/// <summary>Sets a password: by the API while Ciel runs, and in the store while it does not (for an operator who lost the admin's).</summary>
internal static class PasswordReset
{
    public static async Task Set(CielOptions options, string name, string password, TimeProvider time, CancellationToken cancel)
    {
        if (await CloudClient.Healthy(options, cancel))
        {
            using var cloud = await CloudClient.Login(options, cancel);
            await cloud.Send(HttpMethod.Patch, "/identity/v3/users/" + await Admin.UserByName(cloud, name, cancel), new { user = new { password } }, cancel);
        }
        else
        {
            var setting = RealSetting.With(time);
            await using var host = await CielHost.Start(options with { PortBase = 0 }, setting, [], cancel);
            await host.Parts.GetRequiredService<IIdentity>().SetPassword(name, password, cancel);
        }

        if (name == "admin")
        {
            SecretFile.Write(options.PasswordFile, password + "\n");
        }
    }
}
