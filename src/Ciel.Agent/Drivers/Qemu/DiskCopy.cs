using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ciel.Agent.Drivers.Qemu;

/// <summary>
/// Copies a whole root disk, base and overlay, into an empty qcow2 file by a job inside QEMU: the copy shows the disk as it was when
/// the job began, however the guest writes on. The caller sees to it that there is one at a time for each QEMU.
/// </summary>
internal sealed class DiskCopy(TimeProvider time)
{
    private const string Job = "copy";
    private const string Target = "copy-target";
    private const int LooksToClear = 150;
    private static readonly TimeSpan Blink = TimeSpan.FromMilliseconds(200);

    /// <summary>Copies; ends early and leaves no job behind when cancelled.</summary>
    /// <exception cref="QmpException">QEMU could not.</exception>
    public async Task Run(QemuVm vm, string file, Action<double> progress, CancellationToken cancel)
    {
        await Clear(vm);
        await vm.Execute("blockdev-add", TargetNode(file), cancel);
        try
        {
            await vm.Execute("blockdev-backup", Backup(), cancel);
            await Finish(vm, progress, cancel);
        }
        finally
        {
            if (vm.Status != VmStatus.Gone)
            {
                await Clear(vm);
            }
        }
    }

    /// <summary>Ends a copy that somebody began and left.</summary>
    public async Task Clear(QemuVm vm)
    {
        var cancel = CancellationToken.None;
        for (var i = 0; await Find(vm, cancel) is { } job && i < LooksToClear; i++)
        {
            var concluded = Text(job, "status") == "concluded";
            await vm.Execute(concluded ? "job-dismiss" : "job-cancel", new JsonObject { ["id"] = Job }, cancel);
            await Task.Delay(concluded ? TimeSpan.Zero : Blink, time, cancel);
        }

        var nodes = await vm.Execute("query-named-block-nodes", new JsonObject { ["flat"] = true }, cancel);
        if (nodes.EnumerateArray().Any(node => Text(node, "node-name") == Target))
        {
            await vm.Execute("blockdev-del", new JsonObject { ["node-name"] = Target }, cancel);
        }
    }

    private async Task Finish(QemuVm vm, Action<double> progress, CancellationToken cancel)
    {
        while (true)
        {
            var job = await Find(vm, cancel) ?? throw new QmpException("the copy has vanished");
            if (Text(job, "status") == "concluded")
            {
                if (Text(job, "error") is { } error)
                {
                    throw new QmpException($"the disk could not be copied: {error}");
                }

                return;
            }

            var total = job.GetProperty("total-progress").GetDouble();
            progress(total > 0 ? job.GetProperty("current-progress").GetDouble() / total : 0);
            await Task.Delay(Blink, time, cancel);
        }
    }

    private static async Task<JsonElement?> Find(QemuVm vm, CancellationToken cancel)
    {
        var jobs = await vm.Execute("query-jobs", null, cancel);
        return jobs.EnumerateArray().Where(job => Text(job, "id") == Job).Select(job => (JsonElement?)job).FirstOrDefault();
    }

    private static JsonObject TargetNode(string file) => new()
    {
        ["driver"] = "qcow2",
        ["node-name"] = Target,
        ["detect-zeroes"] = "unmap",
        ["discard"] = "unmap",
        ["file"] = new JsonObject { ["driver"] = "file", ["filename"] = file },
    };

    private static JsonObject Backup() => new()
    {
        ["job-id"] = Job,
        ["device"] = QemuArguments.Root,
        ["target"] = Target,
        ["sync"] = "full",
        ["auto-dismiss"] = false,
    };

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;
}
