using System.CommandLine;
using System.Xml.Linq;

namespace Ciel.Commands;

/// <summary>`ciel objects target`: other S3s that buckets may be replicated to.</summary>
internal static class TargetCommand
{
    public static Command Make(Globals globals, TimeProvider time) => new("target", "Other S3s that a project's buckets may be replicated to. Works as the key in AWS_ACCESS_KEY_ID; without one, as the admin.")
    {
        Add(globals, time), List(globals, time), Remove(globals, time),
    };

    private static Command Add(Globals globals, TimeProvider time)
    {
        var name = Name();
        var endpoint = new Option<string>("--endpoint") { Description = "Such as https://s3.example.com.", Required = true };
        var access = new Option<string>("--access") { Description = "The access key there.", Required = true };
        var secret = new Option<string?>("--secret") { Description = "The secret key there. Without it, one line is read from the input, where other users of this machine cannot see it." };
        var region = new Option<string>("--region") { Description = "The region that the other S3 signs with.", DefaultValueFactory = _ => "us-east-1" };
        var command = new Command("add", "Name another S3, or change what is known of it.") { name, endpoint, access, secret, region };
        command.SetAction(async (parsed, cancel) =>
        {
            var answer = await ObjectsClient.Form(
                globals.Known(parsed),
                time,
                [
                    ("Action", "PutReplicationTarget"), ("Name", parsed.GetValue(name)!), ("Endpoint", parsed.GetValue(endpoint)!), ("AccessKeyId", parsed.GetValue(access)!),
                    ("SecretAccessKey", parsed.GetValue(secret) ?? Console.In.ReadLine() ?? ""), ("Region", parsed.GetValue(region)!),
                ],
                cancel);
            var arn = Texts(answer, "TargetArn").First();
            Console.WriteLine($"Name {arn}/BUCKET as the destination in a bucket's replication configuration (`aws s3api put-bucket-replication`).");
        });
        return command;
    }

    private static Command List(Globals globals, TimeProvider time)
    {
        var command = new Command("list", "The targets of the project.");
        command.SetAction(async (parsed, cancel) =>
        {
            var answer = await ObjectsClient.Form(globals.Known(parsed), time, [("Action", "ListReplicationTargets")], cancel);
            Output.Table(
                parsed.GetValue(globals.Json),
                ["name", "endpoint", "region", "access key", "ARN"],
                [.. answer.Descendants().Where(e => e.Name.LocalName == "member").Select(m => (string[])[.. ((string[])["Name", "Endpoint", "Region", "AccessKeyId", "TargetArn"]).Select(f => Texts(m, f).First())])]);
        });
        return command;
    }

    private static Command Remove(Globals globals, TimeProvider time)
    {
        var name = Name();
        var command = new Command("remove", "Forget a target. What still waits for it fails.") { name };
        command.SetAction(async (parsed, cancel) => _ = await ObjectsClient.Form(globals.Known(parsed), time, [("Action", "DeleteReplicationTarget"), ("Name", parsed.GetValue(name)!)], cancel));
        return command;
    }

    private static Argument<string> Name() => new("name") { Description = "1 to 64 lower-case letters, digits and hyphens." };

    private static IEnumerable<string> Texts(XElement parent, string name) => parent.Descendants().Where(e => e.Name.LocalName == name).Select(e => e.Value);
}
