namespace Ciel.Simulation;

/// <summary>How badly the network behaves now.</summary>
/// <param name="Loss">The chance that a request is lost, and the chance that a reply is lost.</param>
/// <param name="Stall">The chance that a message takes far longer than its sender waits.</param>
/// <param name="Echo">The chance that a request arrives a second time, much later.</param>
internal sealed record Weather(double Loss, double Stall, double Echo)
{
    public static Weather Calm { get; } = new(0, 0, 0);

    public static Weather Storm { get; } = new(0.04, 0.03, 0.08);
}
