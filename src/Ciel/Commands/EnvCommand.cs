using System.CommandLine;

namespace Ciel.Commands;

/// <summary>`ciel env`: what a shell needs for unmodified clients.</summary>
internal static class EnvCommand
{
    public static Command Make(Globals globals)
    {
        var command = new Command("env", "Print the variables that ready a shell for `openstack`: eval \"$(ciel env)\".");
        command.SetAction(async (parsed, cancel) =>
        {
            var options = globals.Known(parsed);
            var variables = new Dictionary<string, string>
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
            if (parsed.GetValue(globals.Json))
            {
                Output.Json(variables);
                return;
            }

            foreach (var (name, value) in variables)
            {
                Console.WriteLine($"export {name}='{value.Replace("'", "'\\''", StringComparison.Ordinal)}'");
            }
        });
        return command;
    }
}
