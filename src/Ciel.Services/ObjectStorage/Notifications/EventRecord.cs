using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Objects;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Notifications;

/// <summary>The messages (Amazon S3 User Guide, "Event message structure").</summary>
internal static class EventRecord
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One event.</summary>
    /// <param name="what">What happened.</param>
    /// <param name="name">Its name.</param>
    /// <param name="rule">By which configuration.</param>
    /// <param name="topic">Where it goes.</param>
    /// <param name="sequence">Orders the events of a key.</param>
    /// <param name="now">µs UTC.</param>
    public static string Write(Happening what, string name, NotificationRule rule, TopicRow topic, long sequence, long now) => Write(json =>
    {
        json.WriteStartArray("Records");
        json.WriteStartObject();
        json.WriteString("eventVersion", EventNames.Version(name));
        json.WriteString("eventSource", "aws:s3");
        json.WriteString("awsRegion", ObjectDoorOptions.Region);
        json.WriteString("eventTime", Instants.Iso(now));
        json.WriteString("eventName", name);
        Principal(json, "userIdentity", what.Deed.UserId ?? "Anonymous");
        json.WriteStartObject("requestParameters");
        json.WriteString("sourceIPAddress", what.Deed.Address);
        json.WriteEndObject();
        json.WriteStartObject("responseElements");
        json.WriteString("x-amz-request-id", what.Deed.RequestId);
        json.WriteString("x-amz-id-2", what.Deed.RequestId);
        json.WriteEndObject();
        json.WriteStartObject("s3");
        json.WriteString("s3SchemaVersion", "1.0");
        json.WriteString("configurationId", rule.Id);
        Bucket(json, what.Bucket);
        Object(json, what, name, sequence);
        json.WriteEndObject();
        if (topic.Set.GetValueOrDefault(TopicAttributes.Opaque) is { Length: > 0 } opaque)
        {
            json.WriteString("opaqueData", opaque);
        }

        json.WriteEndObject();
        json.WriteEndArray();
    });

    /// <summary>What a topic hears when a bucket is set to send to it.</summary>
    public static string Test(BucketRow bucket, string requestId, long now) => Write(json =>
    {
        json.WriteString("Service", "Amazon S3");
        json.WriteString("Event", "s3:TestEvent");
        json.WriteString("Time", Instants.Iso(now));
        json.WriteString("Bucket", bucket.Name);
        json.WriteString("RequestId", requestId);
        json.WriteString("HostId", requestId);
    });

    private static void Bucket(Utf8JsonWriter json, BucketRow bucket)
    {
        json.WriteStartObject("bucket");
        json.WriteString("name", bucket.Name);
        Principal(json, "ownerIdentity", bucket.ProjectId);
        json.WriteString("arn", "arn:aws:s3:::" + bucket.Name);
        json.WriteEndObject();
    }

    private static void Object(Utf8JsonWriter json, Happening what, string name, long sequence)
    {
        json.WriteStartObject("object");
        // As a form's field: spaces are plus signs.
        json.WriteString("key", Percent.Encode(what.Row.ObjectKey, "/").Replace("%20", "+", StringComparison.Ordinal));
        if (what.Change is Change.Created or Change.Altered)
        {
            json.WriteNumber("size", what.Row.Size);
            json.WriteString("eTag", what.Row.Etag);
        }
        else if (what.Change == Change.Marked)
        {
            // The entity tag of nothing.
            json.WriteString("eTag", "d41d8cd98f00b204e9800998ecf8427e");
        }

        if (what.Bucket.EverVersioned)
        {
            json.WriteString("versionId", what.Row.VersionId);
        }

        if (name.StartsWith("Object", StringComparison.Ordinal) || name.StartsWith("Lifecycle", StringComparison.Ordinal))
        {
            json.WriteString("sequencer", sequence.ToString("X16", CultureInfo.InvariantCulture));
        }

        json.WriteEndObject();
    }

    private static void Principal(Utf8JsonWriter json, string name, string id)
    {
        json.WriteStartObject(name);
        json.WriteString("principalId", id);
        json.WriteEndObject();
    }

    private static string Write(Action<Utf8JsonWriter> content)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
