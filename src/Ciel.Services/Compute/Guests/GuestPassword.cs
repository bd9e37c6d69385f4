using System.Text;
using Ciel.Agent.Contract;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>
/// The page where a guest leaves the password that it made, encrypted to its owner's key: once, until the owner clears it
/// (Nova user guide, "Metadata"; Compute API reference, "Servers password").
/// </summary>
internal sealed class GuestPassword(Db db)
{
    /// <summary>Bytes; what Nova takes, and enough for a key of 4096 bits in base64.</summary>
    public const int Longest = 1020;

    /// <summary>Whether a path is the page's.</summary>
    public static bool IsAt(string[] path) => path is ["openstack", var date, "password"] && OpenStackTree.Has(date, "password");

    public async Task<MetadataAnswer> Answer(Server server, MetadataQuestion question, CancellationToken cancel) => question.Method switch
    {
        "GET" or "HEAD" => GuestMetadata.Text(200, await db.Read(r => PasswordStore.Find(r, server.Id), cancel) ?? ""),
        "POST" => await Keep(server, question.Body, cancel),
        _ => GuestMetadata.Text(400, "GET and POST only are supported."),
    };

    private async Task<MetadataAnswer> Keep(Server server, byte[] body, CancellationToken cancel)
    {
        if (body.Length > Longest)
        {
            return GuestMetadata.Text(400, "Request is too large.");
        }

        if (!body.All(b => b is >= 0x20 and < 0x7f or (byte)'\n' or (byte)'\r'))
        {
            return GuestMetadata.Text(400, "A password is sent encrypted, in base64.");
        }

        // An empty one is none: a later one may follow.
        return body.Length == 0 || await db.Write(tx => PasswordStore.Add(tx, server.Id, Encoding.ASCII.GetString(body)), cancel)
            ? GuestMetadata.Text(200, "")
            : GuestMetadata.Text(409, "There is a password already.");
    }
}
