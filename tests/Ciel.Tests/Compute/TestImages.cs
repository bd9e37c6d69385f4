using System.Collections.Concurrent;
using System.Reflection;
using Ciel.Agent.Contract;
using Ciel.Services.Identity;
using Ciel.Services.Images;
using Ciel.Services.Nodes;

namespace Ciel.Tests.Compute;

/// <summary>The image service as compute sees it, in memory: three images that all may see, and whatever snapshots add.</summary>
internal sealed class TestImages : IBlobTickets
{
    public const string Cirros = "0194f2a0-0000-7000-8000-0000000000c1";
    public const string Queued = "0194f2a0-0000-7000-8000-0000000000c2";
    public const string Demanding = "0194f2a0-0000-7000-8000-0000000000c3";
    private const long Gib = 1L << 30;

    public TestImages()
    {
        Add(new ImageInfo(Cirros, "cirros", "admin", "active", "qcow2", "ab", 1000, Gib, 0, 0, new Dictionary<string, string> { ["os_distro"] = "cirros" }, 0, 0));
        Add(new ImageInfo(Queued, "queued", "admin", "queued", "qcow2", null, null, null, 0, 0, new Dictionary<string, string>(), 0, 0));
        Add(new ImageInfo(Demanding, "demanding", "admin", "active", "raw", "cd", 3 * Gib, 3 * Gib, 3, 512, new Dictionary<string, string>(), 0, 0));
    }

    public ConcurrentDictionary<string, ImageInfo> All { get; } = new();

    /// <summary>Whether no more bytes are taken.</summary>
    public bool Full { get; set; }

    public IImages Contract()
    {
        var contract = DispatchProxy.Create<IImages, ImagesDouble>();
        ((ImagesDouble)(object)contract).Images = this;
        return contract;
    }

    public Task<Stream> Fetch(string ticket, CancellationToken cancel) => throw new NotSupportedException();

    public Task Store(string ticket, Stream content, CancellationToken cancel)
    {
        if (Full)
        {
            throw new IOException("No space is left.");
        }

        All[ticket] = All[ticket] with { Status = "active", Sha512 = "ef", Size = content.Length, VirtualSize = Gib };
        return Task.CompletedTask;
    }

    private void Add(ImageInfo image) => All[image.Id] = image;

    internal object? Answer(string method, object?[] args) => method switch
    {
        nameof(IImages.Visible) => Task.FromResult(All.GetValueOrDefault((string)args[2]!)),
        nameof(IImages.Find) => Task.FromResult(All.GetValueOrDefault((string)args[1]!)),
        nameof(IImages.Source) => new BlobSource(((ImageInfo)args[0]!).Sha512!, ((ImageInfo)args[0]!).Size!.Value, "qcow2", "ticket"),
        nameof(IImages.UploadTicket) => (string)args[0]!,
        nameof(IImages.Create) => Create((NewImage)args[2]!),
        nameof(IImages.Kill) => Kill((string)args[1]!),
        _ => throw new NotSupportedException(method),
    };

    private Task Create(NewImage image)
    {
        Add(new ImageInfo(image.Id, image.Name, image.OwnerId, "queued", image.DiskFormat, null, null, null, image.MinDiskGiB, image.MinRamMiB, image.Properties, 0, 0));
        return Task.CompletedTask;
    }

    private Task Kill(string id)
    {
        All[id] = All[id] with { Status = "killed" };
        return Task.CompletedTask;
    }
}

/// <summary>Answers the contract of images from memory.</summary>
public class ImagesDouble : DispatchProxy
{
    internal TestImages Images { get; set; } = null!;

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Images.Answer(targetMethod!.Name, args!);
}

/// <summary>Identity as compute sees it: the projects alice, bob and admin.</summary>
public class KnownProjects : DispatchProxy
{
    public static IIdentity Contract() => Create<IIdentity, KnownProjects>();

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var id = args?[1] as string ?? "";
        return targetMethod!.Name == nameof(IIdentity.Project)
            ? Task.FromResult(id is "alice" or "bob" or "admin" ? new ProjectInfo(id, id, "default", true) : null)
            : throw new NotSupportedException(targetMethod.Name);
    }
}
