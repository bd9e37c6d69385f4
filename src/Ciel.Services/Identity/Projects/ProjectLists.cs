using Ciel.Core.Http;
using Ciel.Core.Store;

namespace Ciel.Services.Identity.Projects;

/// <summary>The filters of lists of projects and domains.</summary>
internal static class ProjectLists
{
    private static readonly IReadOnlyDictionary<string, Column> Columns = new Dictionary<string, Column>(Filters.Columns("id", "name", "domain_id", "parent_id", "enabled"));

    /// <summary>Projects by the call's parameters; those that act as domains only where asked.</summary>
    public static ListQuery Of(Call call, Reader reader)
    {
        var domains = call.Query("is_domain") is { } asked && !(asked is "0" || asked.Equals("false", StringComparison.OrdinalIgnoreCase));
        return WithTags(call, Filters.Of(call, reader, "identity_project", Columns).Where("is_domain = @domains", ("domains", domains)));
    }

    /// <summary>Domains by the call's parameters.</summary>
    public static ListQuery Domains(Call call, Reader reader) =>
        WithTags(call, Filters.Of(call, reader, "identity_project", Filters.Columns("id", "name", "enabled")).Where("is_domain = 1"));

    // tags: all of them; tags-any: one of them; not-tags: not all of them; not-tags-any: none of them.
    private static ListQuery WithTags(Call call, ListQuery query)
    {
        foreach (var (parameter, any, not) in (ReadOnlySpan<(string, bool, bool)>)[("tags", false, false), ("tags-any", true, false), ("not-tags", false, true), ("not-tags-any", true, true)])
        {
            if (call.Query(parameter) is not { Length: > 0 } text)
            {
                continue;
            }

            var tags = text.Split(',').Distinct().ToArray();
            var name = parameter.Replace('-', '_');
            query.Where(
                $"{(not ? "NOT " : "")}(SELECT COUNT(*) FROM identity_project_tag t WHERE t.project_id = identity_project.id AND t.name IN @{name}) >= @{name}_least",
                (name, tags),
                ($"{name}_least", any ? 1 : tags.Length));
        }

        return query;
    }
}
