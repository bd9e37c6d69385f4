using System.Net;
using Ciel.Services.ObjectStorage.Access;
using Ciel.Services.ObjectStorage.Body;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Objects;
using Ciel.Services.ObjectStorage.Signing;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Posting;

/// <summary>PostObject: an upload from a web page's form.</summary>
internal sealed class PostObjectApi(Authentication authentication, PutObjectApi put) : IObjectApi
{
    public IEnumerable<Operation> Operations => [new Operation("PostObject", "POST", Scope.Bucket, Post)];

    private async Task Post(S3Call call)
    {
        var form = await PostForm.Read(call);
        var policy = await Authenticate(call, form.Fields);
        var key = (form.Fields.GetValueOrDefault("key") ?? throw Faults.InvalidArgument("key", null, "Bucket POST must contain a field named 'key'.")).Replace("${filename}", form.FileName, StringComparison.Ordinal);
        form.Fields["key"] = key;
        policy?.Check(form.Fields, call.Bucket.Name);
        call.Target = call.Target with { Key = Target.Named(key) ?? throw Faults.InvalidArgument("key", "", "The key is empty.") };
        Pretend(call, form);
        var tags = form.Fields.GetValueOrDefault("tagging") is { } text ? TagSet.ParseXml(XmlInput.Parse(System.Text.Encoding.UTF8.GetBytes(text), "Tagging")) : [];
        // Policies ask for the tags that it will bear, whatever a field of that name says.
        call.Http.Request.Headers["x-amz-tagging"] = tags.Count > 0 ? TagSet.Header(tags) : default;
        Authorizer.Write(call, "s3:PutObject", key);
        using var body = IncomingBody.Of(call, new LimitedStream(form.File, policy?.Length ?? (0, PutObjectApi.Most)), Expected.OfForm(call));
        var row = await put.Store(call, body, tags, ObjectHeaders.Read(call), _ => { });
        await Answer(call, form.Fields, row);
    }

    // The fields stand for the headers of a PUT.
    private static void Pretend(S3Call call, PostForm form)
    {
        var headers = call.Http.Request.Headers;
        // What stands beside the form is not under its policy.
        foreach (var name in headers.Keys.Where(h => h.Equals("Content-MD5", StringComparison.OrdinalIgnoreCase) || h.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            headers.Remove(name);
        }

        headers.ContentType = form.Fields.GetValueOrDefault("content-type") ?? form.FileType ?? ObjectHeaders.DefaultType;
        foreach (var (name, value) in form.Fields.Where(f => f.Key.StartsWith("x-amz-", StringComparison.Ordinal) || f.Key is "cache-control" or "content-disposition" or "content-encoding" or "expires"))
        {
            headers[name] = HeaderText.IsName(name) ? value : throw Faults.InvalidArgument(name, value, "The field's name cannot be a header's.");
        }

        if (form.Fields.GetValueOrDefault("acl") is { } acl)
        {
            headers["x-amz-acl"] = acl;
        }
    }

    private async Task<PostPolicy?> Authenticate(S3Call call, Dictionary<string, string> fields)
    {
        if (fields.GetValueOrDefault("policy") is not { } policy)
        {
            return null;
        }

        if (fields.GetValueOrDefault("x-amz-security-token") is { } token)
        {
            call.Http.Request.Headers["x-amz-security-token"] = token;
        }

        if (fields.GetValueOrDefault("x-amz-credential") is { } credential)
        {
            await authentication.ByForm(call, credential, policy, fields.GetValueOrDefault("x-amz-signature") ?? throw Missing("X-Amz-Signature"));
        }
        else
        {
            var key = await authentication.Find(call, fields.GetValueOrDefault("awsaccesskeyid") ?? throw Missing("AWSAccessKeyId"));
            LegacySignature.Check(call, key, policy, fields.GetValueOrDefault("signature") ?? throw Missing("signature"));
        }

        return PostPolicy.Parse(policy, call.Now);
    }

    private static async Task Answer(S3Call call, Dictionary<string, string> fields, VersionRow row)
    {
        PutObjectApi.Answer(call, row);
        var location = $"{call.Http.Request.Scheme}://{call.Http.Request.Host}/{call.Bucket.Name}/{Percent.Encode(call.Key, "/")}";
        call.Answer("Location", location);
        var redirect = fields.GetValueOrDefault("success_action_redirect") ?? fields.GetValueOrDefault("redirect");
        if (Uri.TryCreate(redirect, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
        {
            var query = $"bucket={Percent.Encode(call.Bucket.Name)}&key={Percent.Encode(call.Key)}&etag=%22{row.Etag}%22";
            call.Answer("Location", redirect + (uri.Query.Length > 0 ? "&" : "?") + query);
            await call.Empty(HttpStatusCode.SeeOther);
        }
        else if (fields.GetValueOrDefault("success_action_status") == "201")
        {
            var body = XmlOutput.Write(
                "PostResponse",
                xml =>
                {
                    xml.WriteElementString("Location", location);
                    xml.WriteElementString("Bucket", call.Bucket.Name);
                    xml.WriteElementString("Key", call.Key);
                    xml.WriteElementString("ETag", $"\"{row.Etag}\"");
                },
                space: null);
            await call.Document(body, 201);
        }
        else
        {
            await call.Empty(fields.GetValueOrDefault("success_action_status") == "200" ? HttpStatusCode.OK : HttpStatusCode.NoContent);
        }
    }

    private static S3Fault Missing(string field) => Faults.InvalidArgument(field, null, $"Bucket POST must contain a field named '{field}'. If it is specified, please check the order of the fields.");
}
