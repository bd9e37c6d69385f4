using System.CommandLine;
using Ciel.Hosting;
using Ciel.Services.ObjectStorage;

namespace Ciel.Commands;

/// <summary>`ciel env`: what a shell needs for unmodified clients.</summary>
internal static class EnvCommand
{
    // Debian's awscli is older than the variable for the address.
    private const string Aws = "aws() { command aws --endpoint-url \"$AWS_ENDPOINT_URL\" \"$@\"; }";

    public static Command Make(Globals globals)
    {
        var command = new Command("env", "Print what readies a shell for `openstack` and `aws`: eval \"$(ciel env)\".");
        command.SetAction(async (parsed, cancel) =>
        {
            var options = globals.Known(parsed);
            var openstack = await OpenStack(options, cancel);
            var s3 = await CloudClient.Healthy(options, cancel) ? await S3(options, cancel) : [];
            if (parsed.GetValue(globals.Json))
            {
                Output.Json(openstack.Concat(s3).ToDictionary());
                return;
            }

            foreach (var (name, value) in openstack.Concat(s3))
            {
                Console.WriteLine($"export {name}='{value.Replace("'", "'\\''", StringComparison.Ordinal)}'");
            }

            Console.WriteLine(s3.Count > 0 ? Aws : "# Ciel does not run, so there is no access key for `aws`. Run `ciel up`, then this again.");
        });
        return command;
    }

    private static async Task<Dictionary<string, string>> OpenStack(CielOptions options, CancellationToken cancel) => new()
    {
        ["OS_AUTH_URL"] = Instance.Url(options) + "/identity",
        ["OS_IDENTITY_API_VERSION"] = "3",
        ["OS_USERNAME"] = "admin",
        ["OS_PASSWORD"] = await Instance.Password(options, cancel),
        ["OS_PROJECT_NAME"] = "admin",
        ["OS_USER_DOMAIN_ID"] = "default",
        ["OS_PROJECT_DOMAIN_ID"] = "default",
        ["OS_REGION_NAME"] = "RegionOne",
    };

    private static async Task<Dictionary<string, string>> S3(CielOptions options, CancellationToken cancel)
    {
        using var cloud = await CloudClient.Login(options, cancel);
        var (access, secret) = await AccessKeys.OfAdmin(cloud, cancel);
        return new()
        {
            ["AWS_ENDPOINT_URL"] = Instance.ObjectsUrl(options),
            ["AWS_ACCESS_KEY_ID"] = access,
            ["AWS_SECRET_ACCESS_KEY"] = secret,
            ["AWS_DEFAULT_REGION"] = ObjectDoorOptions.Region,
        };
    }
}
