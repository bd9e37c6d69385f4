using System.Security.Cryptography;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Ciel.Core.Http;
using Ciel.Hosting;
using Ciel.Services.ObjectStorage;

namespace Ciel.Commands;

#pragma warning disable RS0030 // This is the operator's own client on the operator's own door; Egress is for addresses that tenants choose.

/// <summary>The command line as a client of the objects door: with the shell's AWS key, or else the admin's.</summary>
internal static class ObjectsClient
{
    /// <summary>Posts a form and reads its answer.</summary>
    /// <exception cref="UserErrorException">The door's own sentence, for an answer that is no success.</exception>
    public static async Task<XElement> Form(CielOptions options, TimeProvider time, IReadOnlyList<(string Name, string Value)> fields, CancellationToken cancel)
    {
        var (access, secret) = await Keys(options, cancel);
        var body = Encoding.UTF8.GetBytes(string.Join('&', fields.Select(f => $"{Uri.EscapeDataString(f.Name)}={Uri.EscapeDataString(f.Value)}")));
        using var request = new HttpRequestMessage(HttpMethod.Post, Instance.ObjectsUrl(options) + "/") { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
        new SigV4(access, secret, ObjectDoorOptions.Region, "s3").Sign(request, Convert.ToHexStringLower(SHA256.HashData(body)), time.GetUtcNow());
        using var http = new HttpClient(OwnClient.Handler(options));
        try
        {
            using var answer = await http.SendAsync(request, cancel);
            var root = XDocument.Parse(await answer.Content.ReadAsStringAsync(cancel)).Root!;
            return answer.IsSuccessStatusCode ? root : throw new UserErrorException(root.Descendants().FirstOrDefault(e => e.Name.LocalName == "Message")?.Value ?? $"The objects door answered {(int)answer.StatusCode}.");
        }
        catch (HttpRequestException e)
        {
            throw new UserErrorException($"Ciel does not answer at {Instance.ObjectsUrl(options)}: {e.Message}. `ciel status` says whether it runs; `ciel up` starts it.");
        }
        catch (XmlException)
        {
            throw new UserErrorException($"What answers at {Instance.ObjectsUrl(options)} is not Ciel's objects door.");
        }
    }

    private static async Task<(string Access, string Secret)> Keys(CielOptions options, CancellationToken cancel)
    {
        if (Environment.GetEnvironmentVariable("AWS_ACCESS_KEY_ID") is { Length: > 0 } access && Environment.GetEnvironmentVariable("AWS_SECRET_ACCESS_KEY") is { Length: > 0 } secret)
        {
            return (access, secret);
        }

        using var cloud = await CloudClient.Login(options, cancel);
        return await AccessKeys.OfAdmin(cloud, cancel);
    }
}
