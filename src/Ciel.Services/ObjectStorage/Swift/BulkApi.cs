using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Ciel.Services.ObjectStorage.Body;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Objects;

namespace Ciel.Services.ObjectStorage.Swift;

/// <summary>Many objects in one request: an archive that is unpacked, and a list of what is to go.</summary>
internal sealed class BulkApi(Containers containers, SwiftObjects objects)
{
    public const int MostDeletes = 10_000;
    public const int MostFailed = 1000;
    public const int MostContainers = 10_000;
    private const int LongestList = 16 * 1024 * 1024;

    public async Task Extract(SwiftCall call)
    {
        call.RequireOwner();
        var body = call.Http.Request.Body;
        await using Stream archive = call.Query("extract-archive") switch
        {
            "tar" => body,
            "tar.gz" => new GZipStream(body, CompressionMode.Decompress),
            var other => throw SwiftFaults.BadRequest($"Unsupported archive format {other}: tar and tar.gz are understood."),
        };
        var (made, errors) = (0, new List<(string Name, string Status)>());
        try
        {
            await using var reader = new TarReader(new TarGuard(archive));
            while (await reader.GetNextEntryAsync(copyData: false, call.Cancel) is { } entry)
            {
                if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile)
                {
                    made += await Put(call, entry, errors) ? 1 : 0;
                }
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException)
        {
            await Report(call, [("Number Files Created", $"{made}")], "400 Bad Request", errors);
            return;
        }

        await Report(call, [("Number Files Created", $"{made}")], errors.Count > 0 ? "400 Bad Request" : made == 0 ? "400 Bad Request" : "201 Created", errors);
    }

    public async Task Delete(SwiftCall call)
    {
        call.RequireOwner();
        var names = Encoding.UTF8.GetString(await call.Body(LongestList)).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (names.Length > MostDeletes)
        {
            throw SwiftFaults.TooLarge($"Maximum Bulk Deletes: {MostDeletes} per request");
        }

        var (deleted, missing, errors) = (0, 0, new List<(string Name, string Status)>());
        foreach (var name in names)
        {
            var status = await Delete(call, Percent.Decode(name).TrimStart('/'));
            deleted += status == 204 ? 1 : 0;
            missing += status == 404 ? 1 : 0;
            if (status is not (204 or 404))
            {
                errors.Add((name, $"{status}"));
            }
        }

        await Report(call, [("Number Deleted", $"{deleted}"), ("Number Not Found", $"{missing}")], errors.Count > 0 ? "400 Bad Request" : deleted + missing == 0 ? "400 Bad Request" : "200 OK", errors);
    }

    /// <summary>The answer of an operation on many; what went wrong stands in it, the status of the answer itself is 200.</summary>
    public static Task Report(SwiftCall call, IReadOnlyList<(string Name, string Value)> counts, string status, IReadOnlyList<(string Name, string Status)> errors)
    {
        if (call.Header("Accept")?.Contains("json", StringComparison.Ordinal) == true)
        {
            var json = counts.ToDictionary(c => c.Name, c => (object)long.Parse(c.Value));
            json["Response Status"] = status;
            json["Response Body"] = "";
            json["Errors"] = errors.Select(e => (string[])[e.Name, e.Status]);
            return call.Text(200, JsonSerializer.SerializeToUtf8Bytes(json), "application/json");
        }

        var text = string.Concat(counts.Select(c => $"{c.Name}: {c.Value}\n")) + $"Response Status: {status}\nResponse Body: \nErrors:\n" + string.Concat(errors.Select(e => $"{e.Name}, {e.Status}\n"));
        return call.Text(200, Encoding.UTF8.GetBytes(text), "text/plain");
    }

    private async Task<bool> Put(SwiftCall call, TarEntry entry, List<(string Name, string Status)> errors)
    {
        var name = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
        var path = string.Join('/', ((string?[])[call.Target.Container, call.Target.Object, name]).Where(p => p is { Length: > 0 })).Replace("//", "/", StringComparison.Ordinal);
        try
        {
            if (path.Split('/', 2) is not [{ Length: > 0 } container, { Length: > 0 } key])
            {
                throw SwiftFaults.BadRequest("no container");
            }

            SwiftTarget.Limit("Container", container, 256);
            SwiftTarget.Limit("Object", key, 1024);
            var (bucket, _) = await containers.Make(call, container, call.Actor?.ProjectName ?? "");
            await objects.Store(call, bucket, key, entry.DataStream ?? Stream.Null, new ObjectInfo { Headers = new() { ["Content-Type"] = SwiftObjects.DefaultType } }, new Expected { Length = entry.Length });
            return true;
        }
        catch (S3Fault fault) when (errors.Count < MostFailed)
        {
            errors.Add((name, $"{SwiftFaults.Status(fault)} {fault.Message}"));
            return false;
        }
    }

    private async Task<int> Delete(SwiftCall call, string path)
    {
        var parts = path.Split('/', 2);
        if (await containers.Find(call.Account, parts[0], call.Cancel) is not { } bucket)
        {
            return 404;
        }

        try
        {
            if (parts is [_, { Length: > 0 } key])
            {
                if (await objects.Find(call, bucket, key) is null)
                {
                    return 404;
                }

                await objects.Delete(call, bucket, key);
                return 204;
            }

            await containers.Delete(call, bucket);
            return 204;
        }
        catch (S3Fault fault)
        {
            return SwiftFaults.Status(fault);
        }
    }
}
