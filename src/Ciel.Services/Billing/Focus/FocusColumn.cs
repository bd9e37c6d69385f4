namespace Ciel.Services.Billing.Focus;

/// <summary>A column of one of FOCUS' datasets.</summary>
/// <typeparam name="T">What a row is made of.</typeparam>
/// <param name="Name">FOCUS' column id; our own begin with <c>x_</c>.</param>
/// <param name="Kind">Its data type.</param>
/// <param name="Of">A row's value: text, exact decimal text, or µs UTC.</param>
/// <param name="Since">The first version that has it; null for 1.2 and before.</param>
/// <param name="Until">The last version that has it; null for all that are known.</param>
internal sealed record FocusColumn<T>(string Name, FocusType Kind, Func<T, object?> Of, string? Since = null, string? Until = null)
{
    public static FocusColumn<T> Text(string name, Func<T, object?> of) => new(name, FocusType.Text, of);

    public static FocusColumn<T> Number(string name, Func<T, object?> of) => new(name, FocusType.Number, of);

    public static FocusColumn<T> Time(string name, Func<T, object?> of) => new(name, FocusType.Time, of);

    /// <summary>Columns that this cloud has nothing to say in.</summary>
    public static IEnumerable<FocusColumn<T>> Missing(string? since, params string[] names) => names.Select(n => new FocusColumn<T>(n, FocusType.Text, _ => null, since));

    /// <summary>Whether a version has it.</summary>
    public bool IsIn(string version) => (Since is null || string.CompareOrdinal(Since, version) <= 0) && (Until is null || string.CompareOrdinal(version, Until) <= 0);
}

/// <summary>FOCUS' data types.</summary>
internal enum FocusType
{
    /// <summary>A string, or JSON.</summary>
    Text,

    /// <summary>A decimal number.</summary>
    Number,

    /// <summary>Date and time, UTC.</summary>
    Time,
}
