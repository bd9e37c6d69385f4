using System.Text.Json;
using Ciel.Core.Http;

namespace Ciel.Services.Identity.Roles;

/// <summary>The JSON of listed assignments.</summary>
internal static class AssignmentWire
{
    public static void Write(Utf8JsonWriter json, Call call, ListedAssignment listed, AssignmentNames? names)
    {
        var a = listed.Assignment;
        json.WriteStartObject();
        json.WriteStartObject("scope");
        WriteScope(json, a, names);
        json.WriteEndObject();
        json.WriteStartObject("role");
        json.WriteString("id", a.RoleId);
        if (names?.Roles.GetValueOrDefault(a.RoleId) is { } role)
        {
            json.WriteString("name", role.Name);
            if (role.DomainId.Length > 0)
            {
                WriteDomain(json, names, role.DomainId);
            }
        }

        json.WriteEndObject();
        json.WriteStartObject(a.ActorType);
        json.WriteString("id", a.ActorId);
        var actor = a.ActorType == Assignment.User
            ? names?.Users.GetValueOrDefault(a.ActorId) is { } user ? (user.Name, user.DomainId) : default
            : names?.Groups.GetValueOrDefault(a.ActorId) is { } group ? (group.Name, group.DomainId) : default;
        if (actor is { Name: { } name, DomainId: { } domainId })
        {
            json.WriteString("name", name);
            WriteDomain(json, names!, domainId);
        }

        json.WriteEndObject();
        WriteLinks(json, call, listed);
        json.WriteEndObject();
    }

    private static void WriteScope(Utf8JsonWriter json, Assignment a, AssignmentNames? names)
    {
        if (a.TargetType == Assignment.System)
        {
            json.WriteStartObject("system");
            json.WriteBoolean("all", true);
            json.WriteEndObject();
            return;
        }

        json.WriteStartObject(a.TargetType);
        json.WriteString("id", a.TargetId);
        if (names?.Projects.GetValueOrDefault(a.TargetId) is { } target)
        {
            json.WriteString("name", target.Name);
            if (a.TargetType == Assignment.Project)
            {
                WriteDomain(json, names, target.HomeDomainId);
            }
        }

        json.WriteEndObject();
        if (a.Inherited)
        {
            json.WriteString("OS-INHERIT:inherited_to", "projects");
        }
    }

    private static void WriteDomain(Utf8JsonWriter json, AssignmentNames names, string id)
    {
        json.WriteStartObject("domain");
        json.WriteString("id", id);
        json.WriteString("name", names.Projects.GetValueOrDefault(id)?.Name);
        json.WriteEndObject();
    }

    private static void WriteLinks(Utf8JsonWriter json, Call call, ListedAssignment listed)
    {
        var origin = listed.Origin;
        var target = origin.TargetType == Assignment.System ? "system" : $"{origin.TargetType}s/{origin.TargetId}";
        var path = $"{target}/{origin.ActorType}s/{origin.ActorId}/roles/{origin.RoleId}";
        json.WriteStartObject("links");
        json.WriteString("assignment", $"{call.BaseUrl}/v3/{(origin.Inherited ? "OS-INHERIT/" + path + "/inherited_to_projects" : path)}");
        if (listed.Group is { } group)
        {
            json.WriteString("membership", $"{call.BaseUrl}/v3/groups/{group}/users/{listed.Assignment.ActorId}");
        }

        if (listed.PriorRole is { } prior)
        {
            json.WriteString("prior_role", $"{call.BaseUrl}/v3/prior_role/{prior}/implies/{listed.Assignment.RoleId}");
        }

        json.WriteEndObject();
    }
}
