using System.Text.Json.Serialization;

namespace Ciel.Hosting;

/// <summary>Where an instance lives and listens. Everything on the host derives from these, so that several run side by side.</summary>
public sealed record CielOptions
{
    /// <summary>The instance's name, 1 to 8 lower-case letters or digits: taps, users, namespaces and control groups bear it.</summary>
    public string Name { get; init; } = "ciel";

    /// <summary>State and bytes.</summary>
    public string Data { get; init; } = "/var/lib/ciel";

    /// <summary>Secrets that must not lie with the data and its backups: the root key and the admin's first password.</summary>
    public string Config { get; init; } = "/etc/ciel";

    /// <summary>The root key's file: whoever has it and the store can read every secret at rest.</summary>
    [JsonIgnore]
    public string RootKey => Path.Combine(Config, "root.key");

    /// <summary>Where the admin's first password is kept.</summary>
    [JsonIgnore]
    public string PasswordFile => Path.Combine(Config, "admin-password");

    /// <summary>The cloud door's port; objects, apps and web follow. 0 lets the system choose.</summary>
    public int PortBase { get; init; } = 8780;

    /// <summary>The address to listen on; anything but loopback needs TLS.</summary>
    public string Bind { get; init; } = "127.0.0.1";

    /// <summary>PEM certificate chain for TLS; null without.</summary>
    public string? TlsCertificate { get; init; }

    /// <summary>PEM private key for TLS; null without.</summary>
    public string? TlsKey { get; init; }

    /// <summary>Further host names under which the doors are reached.</summary>
    public IReadOnlyList<string> HostNames { get; init; } = [];

    /// <summary>The public range.</summary>
    public string PublicCidr { get; init; } = "198.51.100.0/24";

    /// <summary>An Npgsql connection string; null for the embedded SQLite.</summary>
    public string? Postgres { get; init; }

    /// <summary>Further directories for blobs, each on a disk of its own; the data directory is the first.</summary>
    public IReadOnlyList<string> BlobDisks { get; init; } = [];

    /// <summary>On how many disks each blob lies: 1 or 2.</summary>
    public int BlobCopies { get; init; } = 1;

    /// <summary>How long objects' lifecycle rules take for a day, to try them out; null for a day.</summary>
    public TimeSpan? LifecycleDay { get; init; }

    /// <summary>Targets of tenants' webhooks and replication that are allowed although they are not public: <c>HOST[:PORT]</c>, with commas between.</summary>
    public string EgressAllow { get; init; } = "";

    /// <summary>The SMTP relay for notices, <c>HOST[:PORT]</c>; empty for none. Its login, where it wants one, is the file <c>smtp-login</c> beside the secrets.</summary>
    public string Smtp { get; init; } = "";

    /// <summary>Who such mail is from.</summary>
    public string SmtpFrom { get; init; } = "";

    /// <summary>Whether the relay is spoken to under TLS (STARTTLS).</summary>
    public bool SmtpStartTls { get; init; }

    /// <summary>How old bytes that no row names must be before they are swept; null for the usual.</summary>
    public TimeSpan? BlobGrace { get; init; }

    /// <summary>The guest image to offer to all projects; null for none.</summary>
    public string? GuestImage { get; init; }
}
