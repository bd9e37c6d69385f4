using Ciel.Agent.Host;

namespace Ciel.Tests.Agent.Host;

public sealed class CgroupHierarchyTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("ciel-cgroup-").FullName;

    [Fact]
    public void Version_1_joins_what_limits_and_what_the_service_manager_kills_by()
    {
        const string mounts = """
            sysfs /sys sysfs rw 0 0
            cgroup /c/memory cgroup rw,relatime,memory 0 0
            cgroup /c/cpu,cpuacct cgroup rw,cpu,cpuacct 0 0
            cgroup /c/pids cgroup rw,pids 0 0
            cgroup /c/net_cls cgroup rw,net_cls 0 0
            cgroup /c/systemd cgroup rw,xattr,name=systemd 0 0
            cgroup2 /c/unified cgroup2 rw 0 0
            """;
        var found = CgroupHierarchy.Parse(mounts, _ => "");
        found.Select(hierarchy => hierarchy.Mount).ShouldBe(["/c/memory", "/c/cpu,cpuacct", "/c/pids", "/c/systemd", "/c/unified"]);
        found.SelectMany(hierarchy => hierarchy.Controllers).ShouldBe(["memory", "cpu", "pids"]);
    }

    [Fact]
    public void Version_2_turns_the_controllers_on_and_writes_its_own_names()
    {
        var hierarchy = CgroupHierarchy.Parse($"cgroup2 {root} cgroup2 rw 0 0\n", _ => "cpuset cpu io memory pids\n").Single();
        hierarchy.Create("ciel-x", "m", new CgroupLimits(1 << 30, 2048, 300));
        Read("cgroup.subtree_control").ShouldBe("+memory +cpu +pids");
        Read("ciel-x/cgroup.subtree_control").ShouldBe("+memory +cpu +pids");
        Read("ciel-x/m/memory.max").ShouldBe("1073741824");
        Read("ciel-x/m/cpu.weight").ShouldBe("200");
        Read("ciel-x/m/pids.max").ShouldBe("300");
    }

    [Fact]
    public void Version_1_writes_its_own_names()
    {
        new CgroupHierarchy(root, 1, ["memory", "cpu", "pids"]).Create("ciel-x", "m", new CgroupLimits(1 << 30, 2048, 300));
        Read("ciel-x/m/memory.limit_in_bytes").ShouldBe("1073741824");
        Read("ciel-x/m/cpu.shares").ShouldBe("2048");
        Read("ciel-x/m/pids.max").ShouldBe("300");
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    private string Read(string path) => File.ReadAllText(Path.Combine(root, path));
}
