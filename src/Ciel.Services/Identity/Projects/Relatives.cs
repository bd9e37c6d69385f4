using System.Text.Json;
using Ciel.Core.Http;
using Ciel.Core.Store;
using Ciel.Services.Identity.Roles;

namespace Ciel.Services.Identity.Projects;

/// <summary>The projects above and below one, as lists (those that the asker has a role on) or as nested ids.</summary>
internal sealed class Relatives
{
    private ProjectRow? _project;
    private IReadOnlyList<ProjectRow>? _parents;
    private IReadOnlyList<ProjectRow>? _subtree;
    private IReadOnlyList<TaggedProject>? _parentList;
    private IReadOnlyList<TaggedProject>? _subtreeList;

    public static async Task<Relatives> Of(Call call, Reader reader, ProjectRow project)
    {
        var result = new Relatives { _project = project };
        var asked = call.Http.Request.Query;
        if (asked.ContainsKey("parents_as_list") || asked.ContainsKey("parents_as_ids"))
        {
            result._parents = await ProjectTree.Above(reader, project);
        }

        if (asked.ContainsKey("subtree_as_list") || asked.ContainsKey("subtree_as_ids"))
        {
            result._subtree = await ProjectTree.Below(reader, project.Id);
        }

        var mine = call.Actor.ReadsCloud() ? null : (await UserScopes.Projects(reader, call.Actor.UserId)).Select(p => p.Id).ToHashSet();
        result._parentList = asked.ContainsKey("parents_as_list") ? await Seen(reader, result._parents!, mine) : null;
        result._subtreeList = asked.ContainsKey("subtree_as_list") ? await Seen(reader, result._subtree!, mine) : null;
        return result;
    }

    public void Write(Utf8JsonWriter json, Call call)
    {
        WriteList(json, "parents", _parentList, call);
        WriteList(json, "subtree", _subtreeList, call);
        if (_parents is not null && _parentList is null)
        {
            json.WritePropertyName("parents");
            var ids = _parents.Select(p => p.Id).Append(_project!.IsDomain ? null : _project.DomainId).OfType<string>().ToArray();
            WriteChain(json, ids);
        }

        if (_subtree is not null && _subtreeList is null)
        {
            json.WritePropertyName("subtree");
            WriteTree(json, _subtree.ToLookup(p => p.ParentId!, p => p.Id), _project!.Id);
        }
    }

    private static Task<IReadOnlyList<TaggedProject>> Seen(Reader reader, IReadOnlyList<ProjectRow> rows, HashSet<string>? mine) =>
        TagStore.WithTags(reader, [.. rows.Where(r => mine is null || mine.Contains(r.Id))]);

    private static void WriteList(Utf8JsonWriter json, string name, IReadOnlyList<TaggedProject>? list, Call call)
    {
        if (list is null)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var project in list)
        {
            json.WriteStartObject();
            json.WritePropertyName("project");
            ProjectWire.Project.Write(json, project, call);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteChain(Utf8JsonWriter json, ReadOnlySpan<string> ids)
    {
        if (ids.IsEmpty)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WritePropertyName(ids[0]);
        WriteChain(json, ids[1..]);
        json.WriteEndObject();
    }

    private static void WriteTree(Utf8JsonWriter json, ILookup<string, string> below, string id)
    {
        if (!below.Contains(id))
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        foreach (var child in below[id])
        {
            json.WritePropertyName(child);
            WriteTree(json, below, child);
        }

        json.WriteEndObject();
    }
}
