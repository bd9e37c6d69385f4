using Ciel.Core;
using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Ciel.Core.Trust;
using Ciel.Services.Images.Data;

namespace Ciel.Services.Images;

/// <summary>What images need before the first request.</summary>
internal sealed class ImageStart(Db db, Envelope envelope, ISecrets secrets, TicketSeal seal, ImageBlobSweep sweep, KeeperBook keepers)
{
    private const string TicketKey = "ticket";
    private const string About = "the key of image tickets";

    public async Task Make(CancellationToken cancel)
    {
        var sealedKey = await envelope.Seal(NewKey(), About, cancel);
        var kept = await db.Write(tx => Keep(tx, sealedKey), cancel);
        seal.Use(Convert.FromHexString(await envelope.Open(kept, About, cancel)));
    }

    // The first controller's key is every controller's.
    private async Task<string> Keep(Tx tx, string sealedKey)
    {
        await sweep.Begin(tx, keepers);
        await tx.Execute("INSERT INTO image_secret (name, sealed) VALUES (@TicketKey, @sealedKey) ON CONFLICT DO NOTHING", new { TicketKey, sealedKey });
        return (await tx.Scalar<string>("SELECT sealed FROM image_secret WHERE name = @TicketKey", new { TicketKey }))!;
    }

    private string NewKey()
    {
        Span<byte> key = stackalloc byte[32];
        secrets.Fill(key);
        return Convert.ToHexString(key);
    }
}
