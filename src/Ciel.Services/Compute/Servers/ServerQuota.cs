using Ciel.Core.Errors;
using Ciel.Core.Quota;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>What servers take of a project's quota.</summary>
/// <param name="Instances">Servers.</param>
/// <param name="Cores">Virtual processors.</param>
/// <param name="Ram">MiB.</param>
internal sealed record QuotaShare(long Instances, long Cores, long Ram)
{
    /// <summary>Resources in one fixed order, so that transactions never wait for each other in a circle.</summary>
    public IEnumerable<(string Resource, long Amount)> Parts =>
        [(ComputeQuotas.Cores, Cores), (ComputeQuotas.Instances, Instances), (ComputeQuotas.Ram, Ram)];
}

/// <summary>Takes and returns the quota of servers.</summary>
internal static class ServerQuota
{
    public static QuotaShare Of(Shape shape, int servers) => new(servers, (long)shape.Vcpus * servers, (long)shape.MemoryMib * servers);

    /// <summary>What a server holds: while a resize is open, the larger of both flavors; nothing once it is gone.</summary>
    public static QuotaShare Holds(Server server)
    {
        if (server.DeletedAt is not null)
        {
            return new(0, 0, 0);
        }

        var (shape, other) = (server.Shape, server.OtherShape);
        return new(1, Math.Max(shape.Vcpus, other?.Vcpus ?? 0), Math.Max(shape.MemoryMib, other?.MemoryMib ?? 0));
    }

    /// <exception cref="Fault">403 that names every resource that is too little.</exception>
    public static async Task Take(Tx tx, string projectId, QuotaShare share)
    {
        var refused = new List<(QuotaLine Line, long Asked)>();
        foreach (var (resource, amount) in share.Parts)
        {
            if (amount > 0 && await QuotaBook.Take(tx, projectId, resource, amount, ComputeQuotas.Defaults[resource]) is { } line)
            {
                refused.Add((line, amount));
            }
        }

        if (refused.Count > 0)
        {
            throw Exceeded(refused);
        }
    }

    /// <summary>Takes or gives back what lies between two shares.</summary>
    /// <exception cref="Fault">403 where more is needed than there is.</exception>
    public static async Task Move(Tx tx, string projectId, QuotaShare before, QuotaShare after)
    {
        await Take(tx, projectId, new(after.Instances - before.Instances, after.Cores - before.Cores, after.Ram - before.Ram));
        foreach (var ((resource, was), (_, now)) in before.Parts.Zip(after.Parts))
        {
            await QuotaBook.Return(tx, projectId, resource, Math.Max(0, was - now));
        }
    }

    private static Fault Exceeded(List<(QuotaLine Line, long Asked)> refused)
    {
        string Words(Func<(QuotaLine Line, long Asked), string> word) => string.Join(", ", refused.Select(word));
        return Fault.Forbidden(
            $"Quota exceeded for {Words(r => ComputeQuotas.Name(r.Line.Resource))}: Requested {Words(r => Show(r.Asked))}, "
            + $"but already used {Words(r => Show(r.Line.Used))} of {Words(r => Show(r.Line.Hard))} {Words(r => ComputeQuotas.Name(r.Line.Resource))}",
            "OverQuota");
    }

    private static string Show(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
