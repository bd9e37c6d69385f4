using System.Globalization;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Policy;
using Ciel.Services.Billing.Calendar;

namespace Ciel.Services.Billing.CloudKitty;

/// <summary>The door of CloudKitty's API, for `openstack rating`. It shows what the ledger and the price book say; both are changed elsewhere.</summary>
internal static class RatingDoor
{
    public static readonly ServiceDoor Door = new("rating", "/rating", FaultBodies.Keystone);

    private static readonly string[] Shapes = ["yyyy-MM-dd", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFK", "yyyy-MM-dd HH:mm:ss.FFFFFFK"];

    /// <summary>From <c>begin</c> to <c>end</c>; left out: the month that is now, UTC, as CloudKitty has it. What has not come yet costs nothing yet.</summary>
    public static Period When(this Call call, long now)
    {
        var month = Period.Month(Zone.Utc.Day(now), Zone.Utc);
        var asked = new Period(Time(call, "begin") ?? month.From, Time(call, "end") ?? month.To);
        return asked.IsEmpty ? throw Fault.BadRequest("begin must be before end.") : asked;
    }

    /// <summary>Whose usage a call may see: an operator's all or one that was asked for, everybody else's own project.</summary>
    public static string? Scope(this Call call, string? wanted)
    {
        if (call.Actor.IsAdmin)
        {
            return wanted;
        }

        call.Actor.Require(Roles.Reader, "rating:summary");
        var own = call.Actor.Project();
        return wanted is null || wanted == own ? own : throw Fault.Forbidden();
    }

    /// <summary>Filters as the client writes them: <c>project_id:X,type:vcpu</c>.</summary>
    public static IReadOnlyDictionary<string, string> Filters(this Call call, params IReadOnlyList<string> known)
    {
        var filters = new Dictionary<string, string>();
        foreach (var filter in (call.Query("filters") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = filter.Split(':', 2);
            filters[parts[0]] = parts.Length == 2 && known.Contains(parts[0]) ? parts[1] : throw Fault.BadRequest($"'{filter}': filter by {string.Join(", ", known)}, such as type:vcpu.");
        }

        return filters;
    }

    /// <summary>A page of many, by <c>offset</c> and <c>limit</c>.</summary>
    public static IEnumerable<T> Page<T>(this Call call, IEnumerable<T> all) => all.Skip(Count(call, "offset", 0)).Take(Count(call, "limit", 100));

    private static int Count(Call call, string name, int otherwise) => call.Query(name) is not { } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : throw Fault.BadRequest($"{name}={text} is no count.");

    private static long? Time(Call call, string name) => call.Query(name) is not { } text ? null
        : DateTimeOffset.TryParseExact(text, Shapes, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? (at.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond
        : throw Fault.BadRequest($"{name}={text}: write an instant such as 2026-01-31T00:00:00Z.");
}
