using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Policy;

namespace Ciel.Services.Identity.Projects;

/// <summary>Reads projects and domains from requests.</summary>
internal static class ProjectInput
{
    private const int LongestName = 64;

    /// <summary>A new project; its domain is the one asked for, or the asker's.</summary>
    public static (ProjectRow Row, IReadOnlyList<string> Tags) Project(Input input, string id, Actor actor, Func<string, string?> domainOfParent)
    {
        var isDomain = input.OptionalBoolean("is_domain") ?? false;
        var parent = input.OptionalId("parent_id");
        var domain = input.OptionalId("domain_id");
        if (isDomain)
        {
            return parent is null && domain is null
                ? Domain(input, id)
                : throw Fault.BadRequest("A project that acts as a domain has neither parent_id nor domain_id.");
        }

        var home = domain ?? (parent is null ? null : domainOfParent(parent)) ?? actor.ProjectDomainId ?? actor.DomainId ?? Bootstrap.DefaultDomain;
        var (row, tags) = Domain(input, id);
        return (row with { IsDomain = false, DomainId = home, ParentId = parent ?? home }, tags);
    }

    /// <summary>A new domain.</summary>
    public static (ProjectRow Row, IReadOnlyList<string> Tags) Domain(Input input, string id)
    {
        var row = new ProjectRow
        {
            Id = input.OptionalId("explicit_domain_id") ?? id,
            Name = input.Name(LongestName),
            DomainId = "",
            IsDomain = true,
            Description = input.Description() ?? "",
            Enabled = input.OptionalBoolean("enabled") ?? true,
            Options = Extra.Options(input),
        };
        var tags = Tags(input) ?? [];
        return (row with { Extra = Extra.Of(input) }, tags);
    }

    /// <summary>The row as a request changes it. Disabling voids the tokens that are out.</summary>
    public static (ProjectRow Row, IReadOnlyList<string>? Tags) Change(Input input, ProjectRow before, long now)
    {
        input.Unchanged("domain_id", before.IsDomain ? null : before.DomainId);
        input.Unchanged("parent_id", before.ParentId);
        if (input.OptionalBoolean("is_domain") is { } isDomain && isDomain != before.IsDomain)
        {
            throw Fault.BadRequest("is_domain cannot be changed once it was set.");
        }

        var enabled = input.OptionalBoolean("enabled") ?? before.Enabled;
        var row = before with
        {
            Name = input.OptionalName(LongestName) ?? before.Name,
            Description = input.Description(before.Description) ?? "",
            Enabled = enabled,
            TokensFrom = before.Enabled && !enabled ? now : before.TokensFrom,
            Options = Extra.Options(input, before.Options),
        };
        var tags = Tags(input);
        return (row with { Extra = Extra.Of(input, before.Extra) }, tags);
    }

    /// <summary>Tags: at most 80 of 1 to 255 characters, without slash and comma.</summary>
    public static IReadOnlyList<string>? Tags(Input input)
    {
        var tags = input.OptionalStrings("tags", 80);
        return tags?.FirstOrDefault(t => !Fits(t)) is { } bad ? throw input.Refuse("tags", bad, $"'{bad}' is no tag: 1 to 255 characters without slash and comma") : tags;
    }

    public static bool Fits(string tag) => tag.Length is > 0 and <= 255 && !tag.Contains(',', StringComparison.Ordinal) && !tag.Contains('/', StringComparison.Ordinal);
}
