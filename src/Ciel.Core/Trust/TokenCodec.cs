using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;

namespace Ciel.Core.Trust;

/// <summary>A token's content as bytes: ids of 32 hex digits take 17, others their length and one more.</summary>
internal static class TokenCodec
{
    private const int HexId = 0xff;
    private const int AuditSize = 16;

    public static byte[] Write(TokenContent token)
    {
        var bytes = new List<byte>(96) { (byte)token.Methods, (byte)token.Scope };
        bytes.AddRange(Base64Url.DecodeFromChars(token.AuditId));
        bytes.AddRange(token.ChainId is null ? [0] : [1, .. Base64Url.DecodeFromChars(token.ChainId)]);
        foreach (var id in new[] { token.UserId, token.ScopeId, token.ApplicationCredentialId, token.TrustId })
        {
            AddId(bytes, id);
        }

        Span<byte> instants = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(instants, token.IssuedAt);
        BinaryPrimitives.WriteInt64BigEndian(instants[8..], token.ExpiresAt);
        bytes.AddRange(instants);
        return [.. bytes];
    }

    /// <summary>Reads what <see cref="Write"/> wrote; only ever given bytes that were authentic.</summary>
    public static TokenContent Read(ReadOnlySpan<byte> bytes)
    {
        var (methods, scope) = ((TokenMethods)bytes[0], (ScopeKind)bytes[1]);
        bytes = bytes[2..];
        var audit = Base64Url.EncodeToString(bytes[..AuditSize]);
        var chained = bytes[AuditSize] == 1;
        bytes = bytes[(AuditSize + 1)..];
        var chain = chained ? Base64Url.EncodeToString(bytes[..AuditSize]) : null;
        bytes = chained ? bytes[AuditSize..] : bytes;
        return new TokenContent
        {
            Methods = methods,
            Scope = scope,
            AuditId = audit,
            ChainId = chain,
            UserId = TakeId(ref bytes)!,
            ScopeId = TakeId(ref bytes),
            ApplicationCredentialId = TakeId(ref bytes),
            TrustId = TakeId(ref bytes),
            IssuedAt = BinaryPrimitives.ReadInt64BigEndian(bytes),
            ExpiresAt = BinaryPrimitives.ReadInt64BigEndian(bytes[8..]),
        };
    }

    private static void AddId(List<byte> bytes, string? id)
    {
        if (id is { Length: 32 } && id.All(char.IsAsciiHexDigitLower))
        {
            bytes.Add(HexId);
            bytes.AddRange(Convert.FromHexString(id));
            return;
        }

        var text = Encoding.UTF8.GetBytes(id ?? "");
        bytes.Add(text.Length < HexId ? (byte)text.Length : throw new ArgumentException("an id is longer than 254 bytes"));
        bytes.AddRange(text);
    }

    private static string? TakeId(ref ReadOnlySpan<byte> bytes)
    {
        var (hex, length) = bytes[0] == HexId ? (true, 16) : (false, bytes[0]);
        var id = bytes.Slice(1, length);
        bytes = bytes[(1 + length)..];
        return hex ? Convert.ToHexStringLower(id) : length == 0 ? null : Encoding.UTF8.GetString(id);
    }
}
