using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;
using Ciel.Services.Identity.Catalog;

namespace Ciel.Services.Identity.Limits;

/// <summary>What both kinds of limits read and check alike.</summary>
internal static class LimitInput
{
    private const int Most = 1000;

    /// <summary>The objects of a create's list.</summary>
    public static async Task<IReadOnlyList<Input>> Many(Call call, string name)
    {
        var input = await call.Body();
        var all = input.OptionalObjects(name) ?? throw input.Refuse(name, "", $"'{name}' is a required property");
        return all.Count is > 0 and <= Most ? all : throw input.Refuse(name, "[...]", all.Count == 0 ? "[] is too short" : "[...] is too long");
    }

    public static long Amount(Input input, string name) => input.Integer(name, -1);

    /// <exception cref="Fault">400 where the service or the region does not exist.</exception>
    public static async Task CheckPlace(Reader reader, string serviceId, string regionId)
    {
        _ = await ServiceStore.Find(reader, serviceId) ?? throw Fault.BadRequest($"Could not find service: {serviceId}.");
        if (regionId.Length > 0)
        {
            _ = await RegionStore.Find(reader, regionId) ?? throw Fault.BadRequest($"Could not find region: {regionId}.");
        }
    }
}
