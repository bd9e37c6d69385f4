using Ciel.Core.Keepers;

namespace Ciel.Services.Images.Data;

/// <summary>Watches one upload: when its process is gone, its image goes back to queued.</summary>
internal sealed class UploadKeeper() : OneStepKeeper(KindName, First)
{
    public const string KindName = "image.upload";
    public const string First = "watch";

    protected override async Task<Next> Run(Turn turn) => await turn.Db.Read(r => UploadStore.Until(r, turn.Id), turn.Cancel) switch
    {
        null => Next.Gone(),
        { } until when until > turn.Now => Next.Nap(TimeSpan.FromMicroseconds(until - turn.Now)),
        _ => Next.Hop(First, tx => UploadStore.ReleaseDead(tx, turn.Id)),
    };
}
