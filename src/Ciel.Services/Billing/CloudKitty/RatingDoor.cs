using System.Globalization;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Policy;

namespace Ciel.Services.Billing.CloudKitty;

/// <summary>The door of CloudKitty's API, for `openstack rating`. It shows what the ledger and the price book say; both are changed elsewhere.</summary>
internal static class RatingDoor
{
    public static readonly ServiceDoor Door = new("rating", "/rating", FaultBodies.Keystone);

    /// <summary>What one asks to change here is changed elsewhere.</summary>
    public static Task ReadOnly(Call call) =>
        throw Fault.Forbidden("Rating follows the ledger and the price book and is not changed here: see `ciel price export` and `ciel price import`.");

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

    /// <summary>A page of many, by <c>offset</c> (0 where nothing is said) and <c>limit</c> (from 1; 100), as version 2 has it.</summary>
    /// <exception cref="Fault">400 where one of them is no such number.</exception>
    public static IEnumerable<T> Page<T>(this Call call, IEnumerable<T> all) => all.Skip(Count(call, "offset", 0, 0)).Take(Count(call, "limit", 1, 100));

    private static int Count(Call call, string name, int least, int otherwise) => call.Query(name) is not { } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= least ? count
        : throw Fault.BadRequest($"{name}={text}: it must be a whole number from {least} on.");
}
