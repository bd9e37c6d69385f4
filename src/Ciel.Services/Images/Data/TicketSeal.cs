using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ciel.Core.Errors;

namespace Ciel.Services.Images.Data;

/// <summary>
/// Makes and checks tickets: <c>direction.id.expires.mac</c>. Each is for one blob in one direction and soon expires; whoever shows it
/// may use it.
/// </summary>
/// <param name="time">Says when they expire.</param>
internal sealed class TicketSeal(TimeProvider time)
{
    public const string Download = "get";
    public const string Upload = "put";
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);
    private volatile byte[]? _key;

    /// <summary>Sets the key that all controllers share.</summary>
    public void Use(byte[] key) => _key = key;

    public string Make(string direction, string id)
    {
        var content = $"{direction}.{id}.{(time.GetUtcNow() + Lifetime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}";
        return $"{content}.{Base64Url.EncodeToString(Mac(content))}";
    }

    /// <summary>The id that the ticket is for.</summary>
    /// <exception cref="Fault">403 for anything but a good ticket of this direction.</exception>
    public string Check(string direction, string ticket)
    {
        var parts = ticket.Split('.');
        var good = parts.Length == 4 && parts[0] == direction
            && Base64Url.IsValid(parts[3])
            && CryptographicOperations.FixedTimeEquals(Base64Url.DecodeFromChars(parts[3]), Mac(string.Join('.', parts[..3])))
            && long.Parse(parts[2], CultureInfo.InvariantCulture) >= time.GetUtcNow().ToUnixTimeSeconds();
        return good ? parts[1] : throw Fault.Forbidden("The ticket is not valid, or no longer.");
    }

    private byte[] Mac(string content) => HMACSHA256.HashData(
        _key ?? throw new InvalidOperationException("Images were asked for a ticket before they were started."), Encoding.UTF8.GetBytes(content));
}
