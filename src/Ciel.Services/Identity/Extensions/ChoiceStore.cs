using Ciel.Core.Store;
using Ciel.Services.Identity.Projects;

namespace Ciel.Services.Identity.Extensions;

/// <summary>The SQL of what was chosen for projects: endpoints or groups of them.</summary>
internal sealed class ChoiceStore
{
    public static readonly ChoiceStore Endpoints = new("identity_endpoint_project", "endpoint_id");
    public static readonly ChoiceStore Groups = new("identity_endpoint_group_project", "endpoint_group_id");
    private readonly string _table;
    private readonly string _column;

    private ChoiceStore(string table, string column) => (_table, _column) = (table, column);

    public Task Choose(Tx tx, string thing, string project) =>
        tx.Execute($"INSERT INTO {_table} ({_column}, project_id) VALUES (@thing, @project) ON CONFLICT DO NOTHING", new { thing, project });

    public Task Unchoose(Tx tx, string thing, string project) =>
        tx.Execute($"DELETE FROM {_table} WHERE {_column} = @thing AND project_id = @project", new { thing, project });

    public async Task<bool> IsChosen(Reader reader, string thing, string project) =>
        await reader.Scalar<long>($"SELECT COUNT(*) FROM {_table} WHERE {_column} = @thing AND project_id = @project", new { thing, project }) == 1;

    public Task<List<ProjectRow>> Projects(Reader reader, string thing) => reader.Query<ProjectRow>(
        $"SELECT p.* FROM identity_project p JOIN {_table} c ON c.project_id = p.id WHERE c.{_column} = @thing ORDER BY p.id", new { thing });
}
