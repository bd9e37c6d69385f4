using Ciel.Core.Errors;
using Ciel.Core.Http;

namespace Ciel.Services.Images.Import;

/// <summary>A request to import.</summary>
/// <param name="Method">One of <see cref="ImportMethods"/>.</param>
/// <param name="AllStores">Whether every store was asked for.</param>
internal sealed record ImportRequest(string Method, bool AllStores)
{
    /// <summary>Reads the body.</summary>
    public static ImportRequest Read(Input body)
    {
        var method = body.Object("method");
        var name = method.String("name");
        if (!ImportMethods.All.Contains(name))
        {
            throw Fault.BadRequest($"Unknown import method name '{name}'. There are: {string.Join(", ", ImportMethods.All)}.");
        }

        method.Done();
        var all = body.OptionalBoolean("all_stores") ?? false;
        _ = body.OptionalBoolean("all_stores_must_succeed");
        var stores = body.OptionalStrings("stores");
        body.Done();
        if (all && stores is not null)
        {
            throw Fault.BadRequest("Say all_stores or stores, not both.");
        }

        return stores?.FirstOrDefault(s => s != ImageDoor.Store) is { } unknown
            ? throw Fault.BadRequest($"There is no store '{unknown}'. The only one is {ImageDoor.Store}.")
            : new ImportRequest(name, all);
    }
}
