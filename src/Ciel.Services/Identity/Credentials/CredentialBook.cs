using System.Security.Cryptography;
using System.Text;
using Ciel.Core.Store;
using Ciel.Core.Trust;

namespace Ciel.Services.Identity.Credentials;

/// <summary>Credentials in the store, their blobs sealed there and open here.</summary>
internal sealed class CredentialBook(Envelope envelope)
{
    /// <summary>Keystone's id of an EC2 key: what hashes to it is the access key.</summary>
    public static string IdOf(string access) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(access)));

    public static Task<CredentialRow?> Find(Reader reader, string id) => reader.First<CredentialRow>("SELECT * FROM identity_credential WHERE id = @id", new { id });

    public static Task<List<CredentialRow>> Ec2Of(Reader reader, string user) =>
        reader.Query<CredentialRow>("SELECT * FROM identity_credential WHERE user_id = @user AND type = 'ec2' ORDER BY id", new { user });

    public static Task<CredentialRow?> Ec2(Reader reader, string user, string access) => reader.First<CredentialRow>(
        "SELECT * FROM identity_credential WHERE access = @access AND user_id = @user AND type = 'ec2'", new { access, user });

    public static Task<CredentialRow?> ByAccess(Reader reader, string access) => reader.First<CredentialRow>(
        "SELECT * FROM identity_credential WHERE access = @access AND type = 'ec2'", new { access });

    public static Task Insert(Tx tx, CredentialRow sealedRow) => tx.Execute(
        """
        INSERT INTO identity_credential (id, user_id, project_id, type, blob, access, extra)
        VALUES (@Id, @UserId, @ProjectId, @Type, @Blob, @Access, @Extra)
        """,
        sealedRow);

    public static Task Update(Tx tx, CredentialRow sealedRow) => tx.Execute(
        "UPDATE identity_credential SET project_id = @ProjectId, type = @Type, blob = @Blob, access = @Access, extra = @Extra WHERE id = @Id", sealedRow);

    public static Task Delete(Tx tx, string id) => tx.Execute("DELETE FROM identity_credential WHERE id = @id", new { id });

    public async ValueTask<CredentialRow> Seal(CredentialRow open) => open with { Blob = await envelope.Seal(open.Blob, About(open.Id)) };

    public async ValueTask<CredentialRow> Open(CredentialRow row) => row with { Blob = await envelope.Open(row.Blob, About(row.Id)) };

    public async Task<IReadOnlyList<CredentialRow>> Open(IEnumerable<CredentialRow> rows)
    {
        var open = new List<CredentialRow>();
        foreach (var row in rows)
        {
            open.Add(await Open(row));
        }

        return open;
    }

    private static string About(string id) => "credential " + id;
}
