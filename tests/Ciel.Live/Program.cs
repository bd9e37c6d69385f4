using Ciel.Live;
using Ciel.Live.Qemu;

if (args is ["agent", var instance, var data, var firstUid, var request])
{
    return await AgentProcess.Run(instance, data, firstUid, request);
}

return args.Any(argument => argument is "--server" or "--internal-msbuild-node")
    ? await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
