using System.CommandLine;
using System.Globalization;
using System.Net.Http.Headers;

namespace Ciel.Commands;

/// <summary>`ciel images`: list images and add one from a file.</summary>
internal static class ImagesCommand
{
    public static Command Make(Globals globals) => new("images", "List images; add one from a file.") { List(globals), Add(globals) };

    private static Command List(Globals globals)
    {
        var command = new Command("list", "List all images.");
        command.SetAction(async (parsed, cancel) =>
        {
            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            var images = (await cloud.Get("/image/v2/images?limit=1000", cancel)).GetProperty("images").EnumerateArray();
            Output.Table(
                parsed.GetValue(globals.Json),
                ["id", "name", "status", "visibility", "bytes"],
                [.. images.Select(i => (string[])[
                    i.GetProperty("id").GetString()!,
                    i.GetProperty("name").GetString() ?? "",
                    i.GetProperty("status").GetString()!,
                    i.GetProperty("visibility").GetString()!,
                    i.GetProperty("size").ValueKind == System.Text.Json.JsonValueKind.Number ? i.GetProperty("size").GetInt64().ToString(CultureInfo.InvariantCulture) : ""])]);
        });
        return command;
    }

    private static Command Add(Globals globals)
    {
        var file = new Argument<FileInfo>("file") { Description = "A qcow2 or raw disk." };
        var name = new Option<string?>("--image-name") { Description = "The image's name; the file's name by default." };
        var command = new Command("add", "Offer a disk image to all projects.") { file, name };
        command.SetAction(async (parsed, cancel) =>
        {
            var source = parsed.GetValue(file)!;
            if (!source.Exists)
            {
                throw new UserErrorException($"There is no file {source.FullName}.");
            }

            using var cloud = await CloudClient.Login(globals.Known(parsed), cancel);
            var format = source.Extension == ".qcow2" ? "qcow2" : "raw";
            var image = await cloud.Post(
                "/image/v2/images",
                new { name = parsed.GetValue(name) ?? Path.GetFileNameWithoutExtension(source.Name), disk_format = format, container_format = "bare", visibility = "public" },
                cancel);
            var id = image.GetProperty("id").GetString()!;
            await using var bytes = Progress.Show(source.OpenRead(), source.Length);
            using var content = new StreamContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
            await cloud.Send(HttpMethod.Put, $"/image/v2/images/{id}/file", content, cancel);
            Output.Table(parsed.GetValue(globals.Json), ["id", "name"], [[id, image.GetProperty("name").GetString()!]]);
        });
        return command;
    }
}
