using System.Text.RegularExpressions;
using Ciel.Core.Errors;
using Ciel.Core.Http;

namespace Ciel.Services.Compute;

/// <summary>What a list of servers is asked for: what SQL can say goes there, the rest is looked at row by row.</summary>
internal sealed class ServerFilter
{
    private static readonly TimeSpan RegexLimit = TimeSpan.FromMilliseconds(50);
    private readonly List<Func<Server, bool>> _rows = [];
    private readonly Call _call;

    private ServerFilter(Call call, bool wide) => (_call, Wide) = (call, wide);

    /// <summary>Whether servers of other projects are asked for (and may be).</summary>
    public bool Wide { get; }

    /// <summary>Patterns for addresses; they need the ports.</summary>
    public IReadOnlyList<Regex> Addresses { get; private set; } = [];

    public static ServerFilter Of(Call call)
    {
        var wide = AllProjects(call);
        ServerParameters.Check(call);
        var filter = new ServerFilter(call, wide);
        filter.ByText();
        filter.ByState();
        filter.ByTags();
        filter.Addresses = [.. new[] { filter.Pattern("ip"), filter.Pattern("ip6") }.OfType<Regex>()];
        return filter;
    }

    public bool Passes(Server server) => _rows.All(r => r(server));

    /// <summary>Puts what SQL can say into the query.</summary>
    public void Narrow(ListQuery query)
    {
        var admin = _call.Actor.IsAdmin;
        if (!Wide)
        {
            query.Where("project_id = @own", ("own", _call.Actor.Project()));
        }
        else if ((_call.Query("project_id") ?? _call.Query("tenant_id")) is { } project)
        {
            query.Where("project_id = @project", ("project", project));
        }

        Equal(query, "id", "uuid", _call.Query("uuid"));
        Equal(query, "image_id", "image", Tail(_call.Query("image")));
        Equal(query, "flavor_id", "flavor", Tail(_call.Query("flavor")));
        Equal(query, "reservation_id", "reservation", _call.Query("reservation_id"));
        Equal(query, "user_id", "user", admin || _call.Version >= 83 ? _call.Query("user_id") : null);
        Equal(query, "node", "node", admin ? _call.Query("host") ?? _call.Query("node") : null);
        Time(query, "changes-since", "updated_at >= @since", "since");
        if (_call.Version >= 66)
        {
            Time(query, "changes-before", "updated_at <= @before", "before");
        }

        Deleted(query);
    }

    private static bool AllProjects(Call call)
    {
        if (call.Query("all_tenants") is not { } text)
        {
            return false;
        }

        var wide = Truth(text) ?? throw Fault.BadRequest($"Invalid input for query parameters all_tenants. Value: {text}. '{text}' is not a boolean");
        if (wide)
        {
            call.Actor.RequireAdmin("os_compute_api:servers:index:get_all_tenants");
        }

        return wide;
    }

    private void Deleted(ListQuery query)
    {
        var asked = _call.Actor.IsAdmin && _call.Query("deleted") is { } text && Truth(text) == true;
        var byStatus = Statuses().Contains("DELETED");
        if (byStatus && !_call.Actor.IsAdmin)
        {
            throw Fault.Forbidden("Only administrators may list deleted instances");
        }

        if (asked || byStatus)
        {
            query.Where("deleted_at IS NOT NULL");
        }
        else if (_call.Query("changes-since") is null && _call.Query("changes-before") is null)
        {
            query.Where("deleted_at IS NULL");
        }
    }

    private void ByText()
    {
        Match("name", s => s.Name);
        if (_call.Actor.IsAdmin || _call.Version >= 83)
        {
            Match("hostname", s => s.HostName);
            Match("description", s => s.Description ?? "");
            Same("key_name", s => s.KeyName);
            Same("availability_zone", s => s.Zone);
            Same("access_ip_v4", s => s.AccessIpV4);
            Same("access_ip_v6", s => s.AccessIpV6);
            Same("launch_index", s => s.LaunchIndex.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    private void ByState()
    {
        if (_call.Http.Request.Query.ContainsKey("status"))
        {
            var statuses = Statuses();
            _rows.Add(s => statuses.Contains(ServerStatus.Of(s)));
        }

        if (_call.Actor.IsAdmin || _call.Version >= 83)
        {
            Same("vm_state", s => s.VmState);
            Same("task_state", s => s.TaskState);
            Same("power_state", s => s.PowerState.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        if (_call.Version >= 73 && _call.Query("locked") is { } locked)
        {
            var wanted = Truth(locked) ?? throw Fault.BadRequest($"Invalid input for query parameters locked. Value: {locked}.");
            _rows.Add(s => s.LockedBy is not null == wanted);
        }
    }

    private void ByTags()
    {
        if (_call.Version < 26)
        {
            return;
        }

        Tagged("tags", (own, asked) => asked.All(own.Contains));
        Tagged("tags-any", (own, asked) => asked.Any(own.Contains));
        Tagged("not-tags", (own, asked) => !asked.All(own.Contains));
        Tagged("not-tags-any", (own, asked) => !asked.Any(own.Contains));
    }

    private void Tagged(string name, Func<List<string>, string[], bool> passes)
    {
        if (_call.Query(name) is { } text)
        {
            var asked = text.Split(',');
            _rows.Add(s => passes(s.TagList, asked));
        }
    }

    private void Match(string name, Func<Server, string> field)
    {
        if (Pattern(name) is { } pattern)
        {
            _rows.Add(s => IsMatch(pattern, field(s)));
        }
    }

    private void Same(string name, Func<Server, string?> field)
    {
        if (_call.Query(name) is { } text)
        {
            _rows.Add(s => field(s) == text);
        }
    }

    private Regex? Pattern(string name)
    {
        if (_call.Query(name) is not { } text)
        {
            return null;
        }

        try
        {
            return new Regex(text, RegexOptions.CultureInvariant, RegexLimit);
        }
        catch (ArgumentException)
        {
            throw Fault.BadRequest($"Invalid input for query parameters {name}. Value: {text}. '{text}' is not a 'regex'");
        }
    }

    /// <summary>Whether the text has the pattern.</summary>
    /// <exception cref="Fault">400 for one that takes too long to tell.</exception>
    public static bool IsMatch(Regex pattern, string text)
    {
        try
        {
            return pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            throw Fault.BadRequest("The pattern takes too long to match; use a simpler one.");
        }
    }

    private HashSet<string> Statuses()
    {
        var asked = _call.Http.Request.Query["status"].OfType<string>().Select(s => s.ToUpperInvariant()).ToHashSet();
        return asked.Count == 0 || asked.Overlaps(ServerStatus.All) || _call.Version < 38
            ? asked
            : throw Fault.BadRequest("Invalid status value");
    }

    private void Time(ListQuery query, string name, string condition, string parameter)
    {
        if (_call.Query(name) is { } text)
        {
            var at = Stamp.Parse(text) ?? throw Fault.BadRequest($"Invalid input for query parameters {name}. Value: {text}. '{text}' is not a 'date-time'");
            query.Where(condition, (parameter, at));
        }
    }

    private static void Equal(ListQuery query, string column, string parameter, string? value)
    {
        if (value is not null)
        {
            query.Where($"{column} = @{parameter}", (parameter, value));
        }
    }

    private static string? Tail(string? text) => text?[(text.LastIndexOf('/') + 1)..];

    private static bool? Truth(string text) => text.ToLowerInvariant() switch
    {
        "1" or "true" or "t" or "on" or "yes" or "y" or "" => true,
        "0" or "false" or "f" or "off" or "no" or "n" => false,
        _ => null,
    };
}
