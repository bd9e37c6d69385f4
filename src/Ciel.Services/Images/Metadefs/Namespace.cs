using Ciel.Core.Errors;
using Ciel.Core.Policy;

namespace Ciel.Services.Images.Metadefs;

/// <summary>A set of definitions of metadata.</summary>
internal sealed record Namespace
{
    public required string Name { get; init; }

    public string? DisplayName { get; init; }

    public string? Description { get; init; }

    public required string Visibility { get; init; }

    public bool Protected { get; init; }

    public required string Owner { get; init; }

    public long CreatedAt { get; init; }

    public long UpdatedAt { get; init; }

    public bool Sees(Actor actor) => actor.IsAdmin || Visibility == "public" || Owner == actor.ProjectId;

    public void RequireUnprotected()
    {
        if (Protected)
        {
            throw Fault.Forbidden($"Metadata definition namespace {Name} is protected and cannot be deleted.");
        }
    }

    public static Fault Missing(string name) => Fault.NotFound($"Metadata definition namespace={name} was not found.");
}
