using System.Text.Json;

namespace Ciel.Commands;

/// <summary>The admin's access key for S3: one of Keystone's EC2 credentials, made at the first wish.</summary>
internal static class AccessKeys
{
    public static async Task<(string Access, string Secret)> OfAdmin(CloudClient cloud, CancellationToken cancel)
    {
        var path = $"/identity/v3/users/{await Admin.UserByName(cloud, "admin", cancel)}/credentials/OS-EC2";
        var project = await Admin.ProjectByName(cloud, "admin", cancel);
        var mine = (await cloud.Get(path, cancel)).GetProperty("credentials").EnumerateArray().FirstOrDefault(c => c.GetProperty("tenant_id").GetString() == project);
        var key = mine.ValueKind == JsonValueKind.Object ? mine : (await cloud.Post(path, new { tenant_id = project }, cancel)).GetProperty("credential");
        return (key.GetProperty("access").GetString()!, key.GetProperty("secret").GetString()!);
    }
}
