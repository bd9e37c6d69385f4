using System.Xml.Linq;
using Ciel.Tests.ObjectStorage;

namespace Ciel.Live.Objects;

/// <summary>One writer with keys of its own: puts of three sizes, uploads in parts, copies, deletes and reads, one after the other.</summary>
internal sealed class ObjectLoad(RequestTally client, string bucket, int number)
{
    private const int Keys = 5;
    private const int PartSize = 5 << 20;
    private static readonly int[] Sizes = [0, 4 << 10, 100 << 10, 2 << 20];
    private readonly Random _random = new(7000 + number);

    public IReadOnlyList<KeyOracle> All { get; } = [.. Enumerable.Range(0, Keys).Select(i => new KeyOracle($"/{bucket}/w{number}/key-{i}"))];

    /// <summary>Works until an answer fails to come.</summary>
    public async Task Run()
    {
        while (await Step(All[_random.Next(Keys)]))
        {
        }
    }

    /// <summary>Every key holds what it may.</summary>
    public async Task Verify()
    {
        foreach (var key in All)
        {
            key.See(Seen((await Get(key)).ShouldNotBeNull()));
        }
    }

    public async Task DeleteAll()
    {
        foreach (var key in All)
        {
            (await client.Send(HttpMethod.Delete, key.Path)).ShouldNotBeNull().Ok();
            key.Done(null);
        }
    }

    private Task<bool> Step(KeyOracle key) => _random.Next(20) switch
    {
        < 10 => Put(key, Sizes[_random.Next(Sizes.Length)]),
        < 11 => Upload(key),
        < 14 => Copy(key, All[_random.Next(Keys)]),
        < 17 => Delete(key),
        _ => Read(key),
    };

    private async Task<bool> Put(KeyOracle key, int size)
    {
        var bytes = Fresh(size);
        var thing = KeyOracle.Thing.Of(bytes);
        key.Begin(thing);
        return Answered(key, thing, await client.Send(HttpMethod.Put, key.Path, bytes));
    }

    private async Task<bool> Upload(KeyOracle key)
    {
        if (await client.Send(HttpMethod.Post, key.Path + "?uploads", []) is not { } begun)
        {
            return false;
        }

        var id = begun.Ok().All("UploadId")[0];
        byte[][] parts = [Fresh(PartSize), Fresh(_random.Next(1, 200_000))];
        var list = new XElement("CompleteMultipartUpload");
        for (var i = 0; i < parts.Length; i++)
        {
            if (await client.Send(HttpMethod.Put, $"{key.Path}?partNumber={i + 1}&uploadId={id}", parts[i]) is not { } part)
            {
                return false;
            }

            list.Add(new XElement("Part", new XElement("PartNumber", i + 1), new XElement("ETag", part.Ok()["ETag"])));
        }

        var thing = KeyOracle.Thing.Of([.. parts[0], .. parts[1]]);
        key.Begin(thing);
        return Answered(key, thing, await client.Send(HttpMethod.Post, $"{key.Path}?uploadId={id}", System.Text.Encoding.UTF8.GetBytes(list.ToString())));
    }

    private async Task<bool> Copy(KeyOracle to, KeyOracle from)
    {
        if (from.Known is null || to == from)
        {
            return true;
        }

        to.Begin(from.Known);
        return Answered(to, from.Known, await client.Send(HttpMethod.Put, to.Path, [], 100_000, ("x-amz-copy-source", from.Path)));
    }

    private async Task<bool> Delete(KeyOracle key)
    {
        key.Begin(null);
        return Answered(key, null, await client.Send(HttpMethod.Delete, key.Path));
    }

    private async Task<bool> Read(KeyOracle key)
    {
        if (await Get(key) is not { } answer)
        {
            return false;
        }

        Seen(answer).ShouldBe(key.Known, $"{key.Path} while the program ran");
        return true;
    }

    private Task<S3Answer?> Get(KeyOracle key) => client.Send(HttpMethod.Get, key.Path, null, PartSize + 300_000);

    private static bool Answered(KeyOracle key, KeyOracle.Thing? outcome, S3Answer? answer)
    {
        if (answer is null)
        {
            return false;
        }

        answer.Ok();
        key.Done(outcome);
        return true;
    }

    private static KeyOracle.Thing? Seen(S3Answer answer) => (int)answer.Status == 404 ? null : KeyOracle.Thing.Of(answer.Ok().Bytes);

    private byte[] Fresh(int size)
    {
        var bytes = new byte[size];
        _random.NextBytes(bytes);
        return bytes;
    }
}
