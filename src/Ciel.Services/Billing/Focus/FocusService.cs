using Ciel.Services.Billing.Prices;

namespace Ciel.Services.Billing.Focus;

/// <summary>What kind of service FOCUS calls a product.</summary>
/// <param name="Category">One of FOCUS' list.</param>
/// <param name="Subcategory">One of those in the category; the service is named so too, so that each name has one of each.</param>
internal sealed record FocusService(string Category, string Subcategory)
{
    private static readonly Dictionary<(string Category, string Meters), string> Known = new()
    {
        [("Compute", "server")] = "Virtual Machines",
        [("Storage", "server")] = "Block Storage",
        [("Storage", "volume")] = "Block Storage",
        [("Storage", "object")] = "Object Storage",
        [("Storage", "image")] = "Storage Platforms",
        [("Networking", "object")] = "Network Connectivity",
        [("Networking", "address")] = "Network Infrastructure",
    };

    /// <summary>What is none: tax, credits, fees.</summary>
    public static FocusService Other { get; } = new("Other", "Other (Other)");

    /// <summary>Of a product: by the book's category, which is FOCUS', and the meter's first word.</summary>
    public static FocusService Of(Product? product) =>
        product is null ? Other : new(product.Service, Known.GetValueOrDefault((product.Service, ResourceType(product)), $"Other ({product.Service})"));

    /// <summary>The kind of thing that a product meters: the meter's first word.</summary>
    public static string ResourceType(Product product) => product.Meter.Split('.')[0];
}
