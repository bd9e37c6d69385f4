using System.Globalization;
using System.Text.Json;

namespace Ciel.Live.Objects;

/// <summary>
/// The power of a machine with Ciel is cut while objects come and go; the oracle stands outside. It needs a published program and a minute for each cut,
/// so it is a verb: <c>./dev conformance power [CUTS]</c>.
/// </summary>
internal static class PowerCuts
{
    /// <summary>The argument that asks for it.</summary>
    public const string Verb = "power-cuts";

    /// <param name="program">What <c>dotnet publish --self-contained</c> made.</param>
    /// <param name="cuts">How often.</param>
    public static async Task Run(string program, int cuts)
    {
        var random = new Random(20261123);
        await using var guest = await PowerGuest.Make(program);
        var client = new RequestTally(guest.Client);
        ObjectLoad[] loads = [.. Enumerable.Range(0, 4).Select(n => new ObjectLoad(client, n % 2 == 0 ? "plain" : "kept", n))];
        await guest.On();
        (await client.Send(HttpMethod.Put, "/plain", [])).ShouldNotBeNull().Ok();
        (await client.Send(HttpMethod.Put, "/kept", [])).ShouldNotBeNull().Ok();
        (await client.Send(HttpMethod.Put, "/kept?versioning", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"u8.ToArray())).ShouldNotBeNull().Ok();
        for (var i = 1; i <= cuts; i++)
        {
            var work = loads.Select(load => load.Run()).ToArray();
            await Task.Delay(random.Next(500, 12_000));
            await guest.Cut();
            await Task.WhenAll(work);
            Console.WriteLine($"{DateTime.UtcNow:HH:mm:ss} cut {i}: answered of asked: {string.Join(", ", client.Counts.Select(c => $"{c.Key} {c.Value.Answered}/{c.Value.Asked}"))}");
            await guest.On();
            await Task.WhenAll(loads.Select(load => load.Verify()));
        }

        loads.SelectMany(l => l.All).Count(k => k.Known is not null).ShouldBeGreaterThan(0, "there was something to lose");
        await guest.Cut();
        // Bytes without a row are what a cut leaves; they go where the program runs on.
        JsonDocument.Parse(await guest.Ask("objects", "fsck", "--json")).RootElement.EnumerateArray().Where(p => p.GetProperty("problem").GetString() != "no-row").ShouldBeEmpty();
        var counts = JsonSerializer.Deserialize<List<Dictionary<string, string>>>(await guest.Ask("usage", "--counts", "--json"))!;
        foreach (var (meter, (_, asked)) in client.Counts)
        {
            // What a power cut takes from the counters is the customer's.
            counts.Where(c => c["meter"] == meter).Sum(c => long.Parse(c["quantity"], CultureInfo.InvariantCulture)).ShouldBeLessThanOrEqualTo(asked, meter);
        }

        Console.WriteLine($"{cuts} power cuts: what was answered was there, whole, each time");
    }
}
