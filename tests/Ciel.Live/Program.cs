using System.Globalization;
using Ciel.Live;
using Ciel.Live.Objects;
using Ciel.Live.Qemu;

if (args is ["agent", var instance, var data, var firstUid, var request])
{
    return await AgentProcess.Run(instance, data, firstUid, request);
}

if (args is [PowerCuts.Verb, var program, var cuts])
{
    await PowerCuts.Run(program, int.Parse(cuts, CultureInfo.InvariantCulture));
    return 0;
}

return args.Any(argument => argument is "--server" or "--internal-msbuild-node")
    ? await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
