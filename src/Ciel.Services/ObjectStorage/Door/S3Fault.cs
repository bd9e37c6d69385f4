namespace Ciel.Services.ObjectStorage.Door;

/// <summary>What went wrong, in S3's words (Amazon S3 API Reference, "Error responses"). The door writes it as XML.</summary>
internal sealed class S3Fault(int status, string code, string message) : Exception(message)
{
    public int Status { get; } = status;

    /// <summary>Such as <c>NoSuchKey</c>.</summary>
    public string Code { get; } = code;

    /// <summary>Further elements of the error's body.</summary>
    public IReadOnlyList<(string Name, string Value)> Extra { get; init; } = [];

    /// <summary>Further headers of the answer.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];
}
