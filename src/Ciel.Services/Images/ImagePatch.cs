using System.Text.Json;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Policy;

namespace Ciel.Services.Images;

/// <summary>
/// A change of an image as a list of operations: RFC 6902 with add, replace and remove (<c>application/openstack-images-v2.1-json-patch</c>),
/// or the older form that names the operation by a key (v2.0).
/// </summary>
internal static class ImagePatch
{
    private static readonly string[] Verbs = ["add", "replace", "remove"];

    /// <summary>The image after all operations.</summary>
    /// <exception cref="Fault">400 for what is malformed, 403 for what may not be changed, 409 for what is not there.</exception>
    public static ImageView Apply(ImageView view, IReadOnlyList<Input> operations, bool older, Actor actor)
    {
        var result = view;
        foreach (var operation in operations)
        {
            var (verb, path) = older ? Older(operation) : (operation.String("op", max: 20), operation.String("path", max: 600));
            if (!Verbs.Contains(verb))
            {
                throw Fault.BadRequest($"Unable to find '{verb}' in JSON Schema change. Use add, replace or remove.");
            }

            result = One(result, operation, verb, Segments(path));
        }

        RequireRights(view.Image, result.Image, actor);
        return ImageInput.Checked(result);
    }

    private static (string Verb, string Path) Older(Input operation)
    {
        var verbs = Verbs.Where(operation.Has).ToArray();
        return verbs.Length == 1
            ? (verbs[0], operation.String(verbs[0], max: 600))
            : throw Fault.BadRequest("Operation objects must contain exactly one member named \"add\", \"remove\", or \"replace\".");
    }

    private static ImageView One(ImageView view, Input operation, string verb, string[] path)
    {
        var name = path[0];
        ImageInput.RequireAllowed(name);
        if (name == "id")
        {
            throw Fault.Forbidden("Attribute 'id' is read-only.");
        }

        if (path.Length > 1)
        {
            return path is ["tags", _] ? view with { Tags = OneTag(view.Tags, operation, verb, path[1]) } : throw BadPointer(path);
        }

        if (!ImageFields.Settable.Contains(name))
        {
            return view with { Properties = OneProperty(view.Properties, operation, verb, name) };
        }

        if (verb == "remove")
        {
            throw Fault.Forbidden($"Property {name} may not be removed.");
        }

        var field = Field(operation, name);
        return name == "tags" ? view with { Tags = ImageInput.Tags(field) } : view with { Image = ImageInput.Settable(field, view.Image) };
    }

    private static Dictionary<string, string> OneProperty(IReadOnlyDictionary<string, string> properties, Input operation, string verb, string name)
    {
        var result = new Dictionary<string, string>(properties);
        if (verb != "add" && !result.ContainsKey(name))
        {
            throw Fault.Conflict($"Property {name} does not exist.");
        }

        var value = verb == "remove" ? null : ImageInput.Property(Field(operation, name), name);
        if (value is null)
        {
            result.Remove(name);
        }
        else
        {
            result[name] = value;
        }

        return result;
    }

    // Clients that compare two lists of tags send single ones with their places; the list itself is a set.
    private static IReadOnlyList<string> OneTag(IReadOnlyList<string> tags, Input operation, string verb, string place)
    {
        var index = place == "-" ? tags.Count : int.TryParse(place, out var n) && n >= 0 && n <= tags.Count ? n : throw BadPointer(["tags", place]);
        if (verb != "add" && index == tags.Count)
        {
            throw Fault.Conflict($"There is no tag at {place}.");
        }

        var result = tags.ToList();
        if (verb != "add")
        {
            result.RemoveAt(index);
        }

        if (verb != "remove")
        {
            var value = operation.String("value");
            result.Insert(index, value);
        }

        return [.. result.Distinct()];
    }

    private static Input Field(Input operation, string name)
    {
        var value = operation.Raw("value") ?? throw Fault.BadRequest("Operation objects must contain a member named \"value\".");
        return new Input(JsonSerializer.SerializeToElement(new Dictionary<string, JsonElement> { [name] = value }), "", ImageDoor.Door);
    }

    private static string[] Segments(string path)
    {
        if (path.Length < 2 || path[0] != '/' || path[^1] == '/' || path.Contains("//", StringComparison.Ordinal))
        {
            throw Fault.BadRequest($"Pointer `{path}` is no JSON pointer such as /name.");
        }

        return [.. path[1..].Split('/').Select(s => s.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];
    }

    private static void RequireRights(Image old, Image changed, Actor actor)
    {
        if (changed.Owner != old.Owner && !actor.IsAdmin)
        {
            throw Fault.Forbidden("You are not permitted to modify 'owner' on this image.");
        }

        if (changed.Visibility != old.Visibility)
        {
            ImageInput.RequirePublicist(actor, changed.Visibility);
        }

        if (old.Status != Statuses.Queued && (changed.DiskFormat != old.DiskFormat || changed.ContainerFormat != old.ContainerFormat))
        {
            throw Fault.Forbidden($"Attribute {(changed.DiskFormat != old.DiskFormat ? "disk_format" : "container_format")} can be only replaced for a queued image.");
        }
    }

    private static Fault BadPointer(string[] path) => Fault.BadRequest($"Invalid JSON pointer for this resource: '/{string.Join('/', path)}'");
}
