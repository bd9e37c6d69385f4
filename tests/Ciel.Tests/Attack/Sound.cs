using Ciel.Core.Store;

namespace Ciel.Tests.Attack;

/// <summary>What holds in the store whatever was asked: nothing is stuck, counted wrongly, or paid for without being there.</summary>
internal static class Sound
{
    // What is counted, by the rows that it counts.
    private static readonly (string Resource, string Rows)[] Counted =
    [
        ("compute.instances", "SELECT project_id AS project, COUNT(*) AS n FROM compute_server WHERE deleted_at IS NULL GROUP BY project_id"),
        ("compute.server_groups", "SELECT project_id AS project, COUNT(*) AS n FROM compute_server_group GROUP BY project_id"),
        ("compute.key_pairs_of_user", "SELECT 'user:' || user_id AS project, COUNT(*) AS n FROM compute_keypair GROUP BY user_id"),
        ("image.image_count_total", "SELECT owner AS project, COUNT(*) AS n FROM image_image GROUP BY owner"),
        ("image.image_size_total", "SELECT owner AS project, CAST(SUM(COALESCE(size, 0)) AS bigint) AS n FROM image_image WHERE blob_id IS NOT NULL GROUP BY owner"),
        .. ((string, string)[])[("network", "network_network"), ("subnet", "network_subnet"), ("subnetpool", "network_subnetpool"), ("port", "network_port"), ("router", "network_router"),
            ("floatingip", "network_floating_ip"), ("rbac_policy", "network_rbac"), ("security_group", "network_group"), ("security_group_rule", "network_group_rule")]
            is var pairs ? pairs.Select(p => ("network." + p.Item1, $"SELECT project_id AS project, COUNT(*) AS n FROM {p.Item2} WHERE counted = 1 GROUP BY project_id")) : [],
    ];

    public static async Task Check(TestCloud cloud)
    {
        var problems = new List<string>();
        for (var i = 0; i < 200; i++)
        {
            problems = await cloud.Db.Read(Problems);
            if (problems.Count == 0)
            {
                return;
            }

            // What was accepted is still being made or taken down.
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        problems.ShouldBeEmpty();
    }

    public static async Task<List<string>> Problems(Reader reader)
    {
        var problems = new List<string>();
        foreach (var (resource, rows) in Counted)
        {
            problems.AddRange(await reader.Query<string>(
                $"""
                SELECT '{resource} of ' || COALESCE(q.project_id, r.project) || ': ' || COALESCE(q.used, 0) || ' taken, ' || COALESCE(r.n, 0) || ' there'
                FROM (SELECT project_id, used FROM quota WHERE resource = '{resource}') q FULL JOIN ({rows}) r ON r.project = q.project_id
                WHERE COALESCE(q.used, 0) <> COALESCE(r.n, 0)
                """));
        }

        problems.AddRange(await reader.Query<string>("SELECT 'keeper ' || kind || ' ' || id || ' fails: ' || last_error FROM keeper WHERE last_error IS NOT NULL AND attempt > 0"));
        problems.AddRange(await reader.Query<string>(
            """
            SELECT 'span ' || meter || ' of ' || resource_id || ' is open for nothing' FROM usage_span WHERE closed_at IS NULL
            AND resource_id NOT IN (SELECT id FROM compute_server WHERE deleted_at IS NULL) AND resource_id NOT IN (SELECT id FROM image_image)
            AND resource_id NOT IN (SELECT id FROM network_floating_ip) AND resource_id NOT IN (SELECT id FROM network_port)
            """));
        return problems;
    }
}
