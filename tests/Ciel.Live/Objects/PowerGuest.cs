using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Ciel.Live.FirstLight;
using Ciel.Tests.ObjectStorage;

namespace Ciel.Live.Objects;

/// <summary>A machine that runs Ciel on its own disk, and that loses its power with all that its kernel had not written.</summary>
internal sealed class PowerGuest : IAsyncDisposable
{
    private const int Port = 9540;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private readonly string _directory = Directory.CreateTempSubdirectory("ciel-power-").FullName;
    private readonly string _program;
    private readonly HttpClient _http;
    private Process? _machine;

    private PowerGuest(string program)
    {
        _program = program;
        _http = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, theirs, _, _) => theirs is not null && theirs.GetRawCertData().SequenceEqual(Certificate()) } });
    }

    public S3Client Client { get; private set; } = null!;

    /// <summary>Makes the machine's disk, with an instance that has an admin and a key.</summary>
    /// <param name="program">What `dotnet publish --self-contained` made.</param>
    public static async Task<PowerGuest> Make(string program)
    {
        var guest = new PowerGuest(program);
        var state = Path.Combine(guest._directory, "state");
        var (data, etc) = (Path.Combine(state, "data"), Path.Combine(state, "etc"));
        await guest.Ciel("up", "--bare", "--name", "power", "--data", data, "--config", etc, "--port-base", $"{Port}", "--simulate", "1");
        var variables = JsonDocument.Parse(await guest.Ciel("env", "--json", "--data", data)).RootElement;
        await guest.Ciel("down", "--data", data);
        string Variable(string name) => variables.GetProperty(name).GetString()!;
        guest.Client = new S3Client(guest._http, new Uri($"https://127.0.0.1:{Port}"), Variable("AWS_ACCESS_KEY_ID"), Variable("AWS_SECRET_ACCESS_KEY"));
        await LiveCloud.Run(Path.Combine(AppContext.BaseDirectory, "power-guest.sh"), [guest._directory, program, state], null);
        return guest;
    }

    /// <summary>Power on; returns when the door answers.</summary>
    public async Task On()
    {
        var start = new ProcessStartInfo("qemu-system-x86_64") { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])[
            "-M", "q35", "-nodefaults", "-accel", "tcg,thread=multi,tb-size=256", "-cpu", "max", "-smp", "2", "-m", "768", "-no-reboot", "-display", "none",
            "-kernel", File("vmlinuz"), "-initrd", File("initrd.gz"), "-append", "console=ttyS0 panic=-1 quiet", "-serial", "file:" + File("serial.log"),
            "-drive", $"file={File("disk.raw")},format=raw,if=virtio,cache=writeback",
            "-netdev", $"user,id=n0,restrict=on,hostfwd=tcp:127.0.0.1:{Port}-10.0.2.15:8781", "-device", "virtio-net-pci,netdev=n0,romfile=", "-device", "virtio-rng-pci"])
        {
            start.ArgumentList.Add(argument);
        }

        _machine = Process.Start(start)!;
        for (var end = DateTimeOffset.UtcNow + Patience; !await Answers(); await Task.Delay(1000))
        {
            _machine.HasExited.ShouldBeFalse(await Log());
            DateTimeOffset.UtcNow.ShouldBeLessThan(end, await Log());
        }
    }

    /// <summary>Power off, at once: what the guest had only in memory is gone.</summary>
    public async Task Cut()
    {
        _machine!.Kill();
        await _machine.WaitForExitAsync(CancellationToken.None);
        _machine.Dispose();
        _machine = null;
    }

    /// <summary>Runs `ciel`, however it ends, on what is on the disk, as its file system has it after a check.</summary>
    public async Task<string> Ask(params string[] arguments)
    {
        var data = Path.Combine(_directory, "after");
        if (!Directory.Exists(data))
        {
            await LiveCloud.Run("sh", ["-c", $"e2fsck -fy '{File("disk.raw")}' >'{File("e2fsck.log")}' 2>&1; [ $? -le 1 ] && mkdir '{data}' && debugfs -R 'rdump /state/data {data}' '{File("disk.raw")}' && sed -i 's#\"/state/#\"{data}/#' '{data}/data/instance.json'"], null);
        }

        return (await LiveCloud.Ended(Path.Combine(_program, "ciel"), [.. arguments, "--data", Path.Combine(data, "data")], null)).Output;
    }

    public async ValueTask DisposeAsync()
    {
        if (_machine is not null)
        {
            await Cut();
        }

        _http.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private byte[] Certificate()
    {
        using var own = X509CertificateLoader.LoadCertificateFromFile(File("cert.pem"));
        return own.RawData;
    }

    private string File(string name) => Path.Combine(_directory, name);

    // An image that this host has is none of the guest's.
    private Task<string> Ciel(params string[] arguments) => LiveCloud.Run("env", ["-u", "CIEL_GUEST_IMAGE", Path.Combine(_program, "ciel"), .. arguments], null);

    private async Task<string> Log() => System.IO.File.Exists(File("serial.log")) ? await System.IO.File.ReadAllTextAsync(File("serial.log")) : "the machine said nothing";

    private async Task<bool> Answers()
    {
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            using var answer = await _http.GetAsync(new Uri($"https://127.0.0.1:{Port}/"), limit.Token);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}
