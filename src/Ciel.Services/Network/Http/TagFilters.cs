namespace Ciel.Services.Network;

/// <summary>The filters of the extension standard-attr-tag. Tags are kept as a JSON list, where each stands between quotes.</summary>
internal static class TagFilters
{
    public static Field<T>[] All<T>(string alias) => [
        Of<T>("tags", alias, all: true, not: false),
        Of<T>("tags-any", alias, all: false, not: false),
        Of<T>("not-tags", alias, all: true, not: true),
        Of<T>("not-tags-any", alias, all: false, not: true),
    ];

    private static Field<T> Of<T>(string name, string alias, bool all, bool not) => new(name, null)
    {
        Filter = (query, dialect, values) =>
        {
            var tags = values.SelectMany(v => v.Split(',')).Select(t => NetworkJson.Of(t)).ToArray();
            var tests = tags.Select(tag =>
            {
                var parameter = query.Add(tag);
                return dialect.Contains($"{alias}.tags", parameter);
            }).ToArray();
            query.Where($"{(not ? "NOT " : "")}({string.Join(all ? " AND " : " OR ", tests)})");
        },
    };
}
