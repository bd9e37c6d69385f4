using Ciel.Core.Store;

namespace Ciel.Services.ObjectStorage.Swift;

/// <summary>Accounts: what a project has, and its own metadata.</summary>
internal sealed class AccountApi(Db db, Containers containers, BulkApi bulk)
{
    private const int Most = 10_000;
    private const string Quota = "quota-bytes";

    public Task Serve(SwiftCall call) => call.Method switch
    {
        "GET" or "HEAD" => Show(call),
        "PUT" when call.Query("extract-archive") is not null => bulk.Extract(call),
        "DELETE" or "POST" when call.Query("bulk-delete") is not null => bulk.Delete(call),
        "POST" or "PUT" => Update(call),
        _ => throw SwiftFaults.NotAllowed(call.Method),
    };

    private async Task Show(SwiftCall call)
    {
        RequireReader(call);
        var all = await containers.Of(call);
        var meta = await db.Read(r => AccountStore.Meta(r, call.Account), call.Cancel);
        MetaHeaders.Write(call, "Account", meta.Where(m => call.IsOwner || !m.Key.StartsWith("temp-url-key", StringComparison.Ordinal)).ToDictionary());
        var (objects, bytes) = (all.Sum(c => c.Objects), all.Sum(c => c.Bytes));
        call.Answer("X-Account-Container-Count", $"{all.Count}");
        call.Answer("X-Account-Object-Count", $"{objects}");
        call.Answer("X-Account-Bytes-Used", $"{bytes}");
        call.Answer($"X-Account-Storage-Policy-{SwiftInfo.Policy}-Container-Count", $"{all.Count}");
        call.Answer($"X-Account-Storage-Policy-{SwiftInfo.Policy}-Object-Count", $"{objects}");
        call.Answer($"X-Account-Storage-Policy-{SwiftInfo.Policy}-Bytes-Used", $"{bytes}");
        call.Answer("X-Timestamp", SwiftCall.Timestamp(all.Count == 0 ? call.Now : all.Min(c => c.Bucket.CreatedAt)));
        call.Answer("Accept-Ranges", "bytes");
        if (call.IsHead)
        {
            call.Http.Response.ContentType = "text/plain; charset=utf-8";
            await call.Empty(204);
            return;
        }

        await ListingFormat.Answer(call, "account", SwiftTarget.AccountPrefix + call.Account, Lines(call, all));
    }

    private static List<ListedLine> Lines(SwiftCall call, IReadOnlyList<HeldContainer> all)
    {
        var (marker, end, prefix) = (call.Query("marker") ?? "", call.Query("end_marker") ?? "", call.Query("prefix") ?? "");
        var reverse = SwiftListing.IsTrue(call.Query("reverse"));
        var (after, before) = reverse ? (end, marker) : (marker, end);
        var names = all.Where(c => c.Name.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(c.Name, after) > 0 && (before.Length == 0 || string.CompareOrdinal(c.Name, before) < 0));
        return
        [
            .. (reverse ? names.Reverse() : names).Take(SwiftListing.Limit(call, Most)).Select(c => new ListedLine(
                c.Name, "container", [("count", c.Objects), ("bytes", c.Bytes), ("last_modified", SwiftCall.Iso(c.Bucket.CreatedAt))])),
        ];
    }

    private async Task Update(SwiftCall call)
    {
        call.RequireOwner();
        await db.Write(
            async tx =>
            {
                await tx.Dialect.HoldName(tx, "account/" + call.Account);
                var before = await AccountStore.Meta(tx, call.Account);
                var meta = MetaHeaders.Change(call, "Account", before);
                if (meta.GetValueOrDefault(Quota) != before.GetValueOrDefault(Quota))
                {
                    RequireQuotaSetter(call, meta.GetValueOrDefault(Quota));
                }

                await AccountStore.Set(tx, call.Account, meta);
            },
            call.Cancel);
        await call.Empty(204);
    }

    // What limits an account is not for the account to lift.
    private static void RequireQuotaSetter(SwiftCall call, string? quota)
    {
        if (call.Actor?.IsAdmin != true)
        {
            throw SwiftFaults.Forbidden();
        }

        if (quota is not null && !(long.TryParse(quota, out var bytes) && bytes >= 0))
        {
            throw SwiftFaults.BadRequest("Invalid bytes quota");
        }
    }

    private static void RequireReader(SwiftCall call)
    {
        if (!call.IsOwner && call.Actor?.Sees(call.Account) != true)
        {
            throw call.Refused();
        }
    }
}
