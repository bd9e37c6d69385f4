using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Door;

namespace Ciel.Services.ObjectStorage.Swift;

/// <summary>Containers: make, list, describe, remove.</summary>
internal sealed class ContainerApi(Containers containers, BucketBook book, SwiftListing listing, StaticWeb web, BulkApi bulk, FormPosts forms)
{
    public Task Serve(SwiftCall call) => call.Method switch
    {
        "GET" or "HEAD" => Show(call),
        "PUT" when call.Query("extract-archive") is not null => bulk.Extract(call),
        "PUT" => Make(call),
        "POST" when FormPosts.IsForm(call) => forms.Take(call),
        "POST" => Update(call),
        "DELETE" => Delete(call),
        _ => throw SwiftFaults.NotAllowed(call.Method),
    };

    private async Task Show(SwiftCall call)
    {
        if (await containers.Find(call.Account, call.Container, call.Cancel) is not { } bucket)
        {
            call.RequireOwner();
            throw SwiftFaults.NotFound();
        }

        if (await web.Index(call, bucket))
        {
            return;
        }

        SwiftAccess.List(call, bucket);
        Describe(call, await containers.Held(call, bucket));
        if (call.IsHead)
        {
            call.Http.Response.ContentType = "text/plain; charset=utf-8";
            await call.Empty(204);
            return;
        }

        await ListingFormat.Answer(call, "container", call.Container, await listing.Of(call, bucket));
    }

    private static void Describe(SwiftCall call, HeldContainer held)
    {
        var settings = ContainerSettings.Of(held.Bucket);
        MetaHeaders.Write(call, "Container", settings.Meta.Where(m => call.IsOwner || !m.Key.StartsWith("temp-url-key", StringComparison.Ordinal)).ToDictionary());
        call.Answer("X-Container-Object-Count", $"{held.Objects}");
        call.Answer("X-Container-Bytes-Used", $"{held.Bytes}");
        call.Answer("X-Timestamp", SwiftCall.Timestamp(held.Bucket.CreatedAt));
        call.Answer("X-Storage-Policy", SwiftInfo.Policy);
        call.Answer("Last-Modified", Xml.Instants.Http(held.Bucket.CreatedAt));
        call.Answer("Accept-Ranges", "bytes");
        call.Answer(settings.History ? "X-History-Location" : "X-Versions-Location", settings.Versions.Length > 0 ? settings.Versions : null);
        if (call.IsOwner)
        {
            call.Answer("X-Container-Read", settings.Read.Length > 0 ? settings.Read : null);
            call.Answer("X-Container-Write", settings.Write.Length > 0 ? settings.Write : null);
        }
    }

    private async Task Make(SwiftCall call)
    {
        call.RequireOwner();
        var wanted = Changed(call, new ContainerSettings());
        var (bucket, made) = await containers.Make(call, call.Container, call.Actor?.ProjectId == call.Account ? call.Actor.ProjectName ?? "" : "");
        if (!made || wanted.Meta.Count > 0 || wanted.Read.Length > 0 || wanted.Write.Length > 0 || wanted.Versions.Length > 0)
        {
            await Change(call, bucket);
        }

        await call.Empty(made ? 201 : 202);
    }

    private async Task Update(SwiftCall call)
    {
        call.RequireOwner();
        await Change(call, await containers.Require(call, call.Container));
        await call.Empty(204);
    }

    private async Task Delete(SwiftCall call)
    {
        call.RequireOwner();
        await containers.Delete(call, await containers.Require(call, call.Container));
        await call.Empty(204);
    }

    private Task Change(SwiftCall call, BucketRow bucket) => book.Change(call.Storage(bucket, null), row => Changed(call, ContainerSettings.Of(row)).On(row));

    private static ContainerSettings Changed(SwiftCall call, ContainerSettings before)
    {
        var (versions, history) = (Location(call, "Versions"), Location(call, "History"));
        return before with
        {
            Meta = Quotas(MetaHeaders.Change(call, "Container", before.Meta)),
            Read = List(call, "Read", before.Read),
            Write = List(call, "Write", before.Write),
            Versions = versions ?? history ?? before.Versions,
            History = history is { Length: > 0 } || (versions is null && before.History),
        };
    }

    private static Dictionary<string, string> Quotas(Dictionary<string, string> meta) =>
        meta.Any(m => m.Key is "quota-bytes" or "quota-count" && !(long.TryParse(m.Value, out var limit) && limit >= 0)) ? throw SwiftFaults.BadRequest("Invalid quota") : meta;

    private static string List(SwiftCall call, string which, string before) => call.Header($"X-Remove-Container-{which}") is not null ? ""
        : call.Header($"X-Container-{which}") is { } text ? SwiftAcl.Checked($"X-Container-{which}", text, which == "Write") : before;

    private static string? Location(SwiftCall call, string which) => call.Header($"X-Remove-{which}-Location") is not null ? ""
        : call.Header($"X-{which}-Location") is { } name ? Percent.Decode(name).Trim('/') : null;
}
