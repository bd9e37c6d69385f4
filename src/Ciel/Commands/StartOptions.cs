using System.CommandLine;
using Ciel.Core.Http.Egress;
using Ciel.Hosting;

namespace Ciel.Commands;

/// <summary>The options of `ciel up` and `ciel serve`; what is not given stays as the instance was last started.</summary>
internal sealed class StartOptions
{
    private const int HighestPortBase = 65_532;
    private readonly Option<string?> _config = new("--config") { Description = "Where the root key and the admin's password lie; never with the data. Default /etc/NAME." };
    private readonly Option<int?> _portBase = new("--port-base") { Description = "The cloud door's port; objects, apps and web take the next three. Default 8780." };
    private readonly Option<string?> _bind = new("--bind") { Description = "The address to listen on; beyond loopback it needs --tls-cert and --tls-key. Default 127.0.0.1." };
    private readonly Option<string?> _tlsCertificate = new("--tls-cert") { Description = "PEM certificate chain." };
    private readonly Option<string?> _tlsKey = new("--tls-key") { Description = "PEM private key." };
    private readonly Option<string[]> _hostNames = new("--host-name") { Description = "A further host name by which clients reach the doors; may be repeated.", DefaultValueFactory = _ => [] };
    private readonly Option<string?> _publicCidr = new("--public-cidr") { Description = "The range of public addresses. Default 198.51.100.0/24, or else the first of 198.19.0.0/24, 198.19.1.0/24 … that is free on this host." };
    private readonly Option<string?> _postgres = new("--postgres") { Description = "Npgsql connection string of a PostgreSQL database, instead of the embedded SQLite." };
    private readonly Option<int> _simulate = new("--simulate") { Description = "Use so many simulated nodes instead of this host: a cloud without machines, for trying APIs." };
    private readonly Option<string?> _guestImage = new("--guest-image") { Description = "A qcow2 image to offer to all projects. Default: the variable CIEL_GUEST_IMAGE." };

    private readonly Option<string?> _egressAllow = new("--egress-allow") { Description = "Targets that tenants' webhooks and replication may reach although they are not public: HOST[:PORT], with commas between; a host may be a name, an address or a range. \"\" for none." };
    private readonly Option<string[]> _blobDisks = new("--blob-disk") { Description = "A further directory, on a disk of its own, for the bytes of objects and images; may be repeated. Once used it belongs to them for good.", DefaultValueFactory = _ => [] };
    private readonly Option<int?> _blobCopies = new("--blob-copies") { Description = "On how many disks each blob lies: 1 or 2. Default 1. Two survive the loss of a disk; the data directory is one of the disks." };
    private readonly Option<int?> _lifecycleDay = new("--lifecycle-day") { Description = "Seconds that objects' lifecycle rules take for a day, to try rules out. Default: a day." };

    private readonly Option<string?> _smtp = new("--smtp") { Description = "An SMTP relay for billing's notices: HOST[:PORT], 587 where no port is said; needs --smtp-from. A login lies in the file smtp-login in --config, as USER:PASSWORD. \"\" for none." };
    private readonly Option<string?> _smtpFrom = new("--smtp-from") { Description = "The address that such mail is from." };
    private readonly Option<bool?> _smtpStartTls = new("--smtp-starttls") { Description = "Speak to the relay under TLS." };
    private readonly Option<int?> _blobGrace = new("--blob-grace") { Description = "Seconds that bytes which no row names are kept; must be longer than anything takes between its last byte and its row. Default: six hours." };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_config, _portBase, _bind, _tlsCertificate, _tlsKey, _hostNames, _publicCidr, _postgres, _simulate, _guestImage, _lifecycleDay, _egressAllow, _blobDisks, _blobCopies, _blobGrace, _smtp, _smtpFrom, _smtpStartTls])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>How many simulated nodes to use; 0 for this host.</summary>
    public int Simulated(ParseResult parsed) => parsed.GetValue(_simulate);

    /// <summary>The options; refuses a public range that this host has for something else.</summary>
    public CielOptions Read(Globals globals, ParseResult parsed)
    {
        var data = globals.DataOf(parsed);
        var name = globals.NameOf(parsed);
        var old = Instance.Load(data) ?? new CielOptions { Name = name, Config = "/etc/" + name, PublicCidr = DefaultRange(name, parsed) };
        var options = old with
        {
            Data = data,
            Config = parsed.GetValue(_config) is { } config ? Path.GetFullPath(config) : old.Config,
            PortBase = parsed.GetValue(_portBase) ?? old.PortBase,
            Bind = parsed.GetValue(_bind) ?? old.Bind,
            TlsCertificate = parsed.GetValue(_tlsCertificate) ?? old.TlsCertificate,
            TlsKey = parsed.GetValue(_tlsKey) ?? old.TlsKey,
            HostNames = parsed.GetValue(_hostNames) is { Length: > 0 } names ? names : old.HostNames,
            PublicCidr = parsed.GetValue(_publicCidr) ?? old.PublicCidr,
            Postgres = parsed.GetValue(_postgres) ?? old.Postgres,
            BlobDisks = parsed.GetValue(_blobDisks) is { Length: > 0 } disks ? [.. old.BlobDisks.Union(disks.Select(d => Path.GetFullPath(d)))] : old.BlobDisks,
            BlobCopies = parsed.GetValue(_blobCopies) ?? old.BlobCopies,
            LifecycleDay = parsed.GetValue(_lifecycleDay) is { } seconds ? TimeSpan.FromSeconds(seconds) : old.LifecycleDay,
            EgressAllow = parsed.GetValue(_egressAllow) ?? old.EgressAllow,
            Smtp = parsed.GetValue(_smtp) ?? old.Smtp,
            SmtpFrom = parsed.GetValue(_smtpFrom) ?? old.SmtpFrom,
            SmtpStartTls = parsed.GetValue(_smtpStartTls) ?? old.SmtpStartTls,
            BlobGrace = parsed.GetValue(_blobGrace) is { } grace ? TimeSpan.FromSeconds(grace) : old.BlobGrace,
            GuestImage = parsed.GetValue(_guestImage) ?? Environment.GetEnvironmentVariable("CIEL_GUEST_IMAGE") ?? old.GuestImage,
        };
        if (options.PortBase is < 1 or > HighestPortBase)
        {
            throw new UserErrorException($"--port-base {options.PortBase} leaves no room for four ports: use 1 to {HighestPortBase}.");
        }

        if (options.Smtp.Length > 0 && !System.Net.Mail.MailAddress.TryCreate(options.SmtpFrom, out _))
        {
            throw new UserErrorException("--smtp needs --smtp-from ADDRESS: who the mail is from.");
        }

        try
        {
            _ = EgressOptions.Targets(options.EgressAllow);
        }
        catch (FormatException e)
        {
            throw new UserErrorException("--egress-allow: " + e.Message);
        }

        if (options.BlobCopies is < 1 or > 2 || options.BlobCopies > options.BlobDisks.Count + 1)
        {
            throw new UserErrorException($"--blob-copies {options.BlobCopies} needs as many disks: 1, or 2 with at least one --blob-disk beside the data directory.");
        }

        if (Simulated(parsed) == 0)
        {
            PublicRange.Check(options, HostRange.All());
        }

        return options;
    }

    private string DefaultRange(string name, ParseResult parsed)
    {
        var usual = new CielOptions().PublicCidr;
        if (Simulated(parsed) > 0 || parsed.GetValue(_publicCidr) is not null)
        {
            return usual;
        }

        var free = PublicRange.Free(name, HostRange.All());
        if (free != usual)
        {
            Console.WriteLine($"{usual} is taken on this host, so the public addresses are of {free}.");
        }

        return free;
    }

}
