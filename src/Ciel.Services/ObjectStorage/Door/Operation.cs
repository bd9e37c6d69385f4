namespace Ciel.Services.ObjectStorage.Door;

/// <summary>Answers one call.</summary>
internal delegate Task S3Handler(S3Call call);

/// <summary>What an operation acts on.</summary>
internal enum Scope
{
    Service,
    Bucket,
    Object,
}

/// <summary>One operation of S3.</summary>
/// <param name="Name">As in the API reference.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Scope">What it acts on.</param>
/// <param name="Handler">Answers it.</param>
internal sealed record Operation(string Name, string Method, Scope Scope, S3Handler Handler)
{
    /// <summary>The query parameter that selects it; null where none does.</summary>
    public string? Marker { get; init; }

    /// <summary>The header that selects it among those with the same parameter; null where none does.</summary>
    public string? Header { get; init; }

    /// <summary>What the door asks the authorizer for on the bucket before the handler runs; null where the handler itself asks.</summary>
    public string? Action { get; init; }

    /// <summary>What the bucket's list may grant instead; null where only owner and policy count.</summary>
    public string? Permission { get; init; }

    /// <summary>The only first segment of the path below which it is; null for any bucket.</summary>
    public string? Under { get; init; }

    /// <summary>Whether the bucket need not exist.</summary>
    public bool WithoutBucket { get; init; }
}

/// <summary>A group of operations.</summary>
internal interface IObjectApi
{
    IEnumerable<Operation> Operations { get; }
}
