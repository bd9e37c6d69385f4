namespace Ciel.WebConsole;

/// <summary>A door refused.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="message">The door's own sentence.</param>
internal sealed class DoorException(int status, string message) : Exception(message)
{
    public int Status => status;
}
