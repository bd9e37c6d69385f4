using Ciel.Core.Keepers;

namespace Ciel.Services.Images.Data;

/// <summary>Watches one upload: when its process is gone, its image goes back to queued.</summary>
internal sealed class UploadKeeper : Keeper
{
    public const string KindName = "image.upload";
    public const string First = "watch";

    public override string Kind => KindName;

    public override IReadOnlyDictionary<string, Func<Turn, Task<Next>>> Steps { get; } = new Dictionary<string, Func<Turn, Task<Next>>> { [First] = Watch };

    public override bool ForEver(string step) => true;

    public override Task<Next> Failed(Turn turn, string fault) => Task.FromResult(Next.Nap(UploadLease.Span));

    private static async Task<Next> Watch(Turn turn) => await turn.Db.Read(r => UploadStore.Until(r, turn.Id), turn.Cancel) switch
    {
        null => Next.Gone(),
        { } until when until > turn.Now => Next.Nap(TimeSpan.FromMicroseconds(until - turn.Now)),
        _ => Next.Hop(First, tx => UploadStore.ReleaseDead(tx, turn.Id)),
    };
}
