using System.Text.Json;
using System.Text.Json.Serialization;
using Ciel.Hosting;

namespace Ciel.Commands;

/// <summary>An instance as it was last started: kept beside its data, so that every command needs only to know where that is.</summary>
internal static class Instance
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The options' name in the data directory and in a backup.</summary>
    internal const string FileName = "instance.json";

    /// <summary>The options of the instance in that directory; null where none was ever started.</summary>
    /// <exception cref="UserErrorException">The file there is not what `ciel up` wrote.</exception>
    public static CielOptions? Load(string data)
    {
        var path = PathOf(data);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<CielOptions>(File.ReadAllText(path), Format) : null;
        }
        catch (JsonException e)
        {
            throw new UserErrorException($"{path} is not what `ciel up` wrote ({e.Message}). Put it back from a backup, or delete it and run `ciel up` with its options again.");
        }
    }

    /// <summary>Keeps the options.</summary>
    public static void Save(CielOptions options)
    {
        Directory.CreateDirectory(options.Data);

        // A connection string may bear a password.
        SecretFile.Write(PathOf(options.Data), JsonSerializer.Serialize(options, Format));
    }

    /// <summary>The admin's password, as it was last set here.</summary>
    public static async Task<string> Password(CielOptions options, CancellationToken cancel) => File.Exists(options.PasswordFile)
        ? (await File.ReadAllTextAsync(options.PasswordFile, cancel)).Trim()
        : throw new UserErrorException($"There is no {options.PasswordFile}. The first `ciel up` writes it; `ciel user passwd admin` writes a new one while Ciel is down.");

    /// <summary>Where the program writes what it does.</summary>
    public static string LogFile(CielOptions options) => Path.Combine(options.Data, "ciel.log");

    /// <summary>Where the running program notes its process.</summary>
    public static string PidFile(CielOptions options) => Path.Combine(options.Data, "ciel.pid");

    /// <summary>The cloud door as clients on this machine reach it.</summary>
    public static string Url(CielOptions options) => Door(options, 0);

    /// <summary>The objects door as clients on this machine reach it.</summary>
    public static string ObjectsUrl(CielOptions options) => Door(options, 1);

    private static string Door(CielOptions options, int number) =>
        $"{(options.TlsCertificate is null ? "http" : "https")}://{(options.Bind is "0.0.0.0" or "::" ? "127.0.0.1" : options.Bind)}:{options.PortBase + number}";

    private static string PathOf(string data) => Path.Combine(data, FileName);
}
