using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;

namespace Ciel.Services.Images;

/// <summary>Deactivate and reactivate: whether others than admins may read the bytes.</summary>
internal sealed class ActionsApi(Db db, ImageBook book)
{
    public void Map(Routes routes)
    {
        routes.Post("/v2/images/{id}/actions/deactivate", call => Set(call, "deactivate", Statuses.Deactivated));
        routes.Post("/v2/images/{id}/actions/reactivate", call => Set(call, "reactivate", Statuses.Active));
    }

    private async Task Set(Call call, string verb, string status)
    {
        await db.Write(
            async tx =>
            {
                var image = await ImageBook.ForChange(tx, call.Actor, call.Route("id"), verb);
                if (!image.HasData)
                {
                    throw Fault.Forbidden($"Not allowed to {verb} image in status '{image.Status}'");
                }

                await ImageStore.SetStatus(tx, image.Id, status);
                await book.Note(tx, call.Actor, verb, image.Id);
            },
            call.Cancel);
        await call.Empty(204);
    }
}
