#:package AWSSDK.S3@3.7.304.1
#:property PublishAot=false
// What applications do with NuGet's AWSSDK.S3: a tree, a large file in parts, presigned links, versions. Ends with an exception where a byte differs.
// FILES: how many small objects. BIG: MiB of the large one. AWS_* say where.
using System.Reflection;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.S3.Transfer;

const int MiB = 1 << 20;
var files = int.Parse(Variable("FILES", "300"));
var big = int.Parse(Variable("BIG", "64"));
var keys = new BasicAWSCredentials(Variable("AWS_ACCESS_KEY_ID"), Variable("AWS_SECRET_ACCESS_KEY"));
using var s3 = new AmazonS3Client(keys, new AmazonS3Config { ServiceURL = Variable("AWS_ENDPOINT_URL"), ForcePathStyle = true, AuthenticationRegion = Variable("AWS_DEFAULT_REGION", "us-east-1") });
using var http = new HttpClient();
var bucket = $"nuget-{Environment.ProcessId}-{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}";
await s3.PutBucketAsync(bucket);
await Tree();
await Large();
await Presigned();
await Versions();
await Clear();
Console.WriteLine($"AWSSDK.S3 {typeof(AmazonS3Client).Assembly.GetCustomAttribute<AssemblyFileVersionAttribute>()?.Version}: all of it worked");

async Task Tree()
{
    var work = Directory.CreateTempSubdirectory("ciel-nuget-");
    var (from, to) = (work.CreateSubdirectory("from"), work.CreateSubdirectory("to"));
    for (var n = 0; n < files; n++)
    {
        File.WriteAllText(Path.Combine(from.CreateSubdirectory($"d{n % 17}/ä b+c").FullName, $"{n}"), string.Concat(Enumerable.Repeat($"file {n} of many\n", n % 50)));
    }

    using var transfer = new TransferUtility(s3);
    await transfer.UploadDirectoryAsync(new TransferUtilityUploadDirectoryRequest { BucketName = bucket, Directory = from.FullName, KeyPrefix = "tree", SearchOption = SearchOption.AllDirectories, SearchPattern = "*" });
    await transfer.DownloadDirectoryAsync(bucket, "tree", to.FullName);
    var (sent, came) = (Names(from), Names(to));
    Same(string.Join('\n', came), string.Join('\n', sent), "the names");
    foreach (var name in sent)
    {
        Same(File.ReadAllText(Path.Combine(to.FullName, name)), File.ReadAllText(Path.Combine(from.FullName, name)), name);
    }

    work.Delete(recursive: true);
}

async Task Large()
{
    var path = Path.GetTempFileName();
    using (var file = File.Create(path))
    {
        for (var i = 0; i < big; i++)
        {
            file.Write(RandomNumberGenerator.GetBytes(MiB));
        }
    }

    using (var transfer = new TransferUtility(s3))
    {
        await transfer.UploadAsync(new TransferUtilityUploadRequest { BucketName = bucket, Key = "big", FilePath = path, PartSize = 16 * MiB, ChecksumAlgorithm = ChecksumAlgorithm.SHA256 });
    }

    using var answer = await s3.GetObjectAsync(bucket, "big");
    using var again = File.OpenRead(path);
    Same(Convert.ToHexString(await SHA256.HashDataAsync(answer.ResponseStream)), Convert.ToHexString(await SHA256.HashDataAsync(again)), "the large file");
    File.Delete(path);
}

async Task Presigned()
{
    string Url(HttpVerb verb) => s3.GetPreSignedURL(new GetPreSignedUrlRequest { BucketName = bucket, Key = "signed", Verb = verb, Expires = DateTime.UtcNow.AddMinutes(5), Protocol = Variable("AWS_ENDPOINT_URL").StartsWith("https", StringComparison.Ordinal) ? Protocol.HTTPS : Protocol.HTTP });
    (await http.PutAsync(Url(HttpVerb.PUT), new ByteArrayContent("by a link"u8.ToArray()))).EnsureSuccessStatusCode();
    Same(await http.GetStringAsync(Url(HttpVerb.GET)), "by a link", "the presigned download");
}

async Task Versions()
{
    await s3.PutBucketVersioningAsync(new PutBucketVersioningRequest { BucketName = bucket, VersioningConfig = new S3BucketVersioningConfig { Status = VersionStatus.Enabled } });
    var ids = new List<string>();
    for (var n = 0; n < 3; n++)
    {
        ids.Add((await s3.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = "kept", ContentBody = $"version {n}" })).VersionId);
    }

    Same((await s3.DeleteObjectAsync(bucket, "kept")).DeleteMarker, "true", "the delete marker");
    for (var n = 0; n < 3; n++)
    {
        using var answer = await s3.GetObjectAsync(bucket, "kept", ids[n]);
        Same(await new StreamReader(answer.ResponseStream).ReadToEndAsync(), $"version {n}", "a version");
    }
}

async Task Clear()
{
    for (var page = await s3.ListVersionsAsync(bucket); ; page = await s3.ListVersionsAsync(new ListVersionsRequest { BucketName = bucket, KeyMarker = page.NextKeyMarker, VersionIdMarker = page.NextVersionIdMarker }))
    {
        await s3.DeleteObjectsAsync(new DeleteObjectsRequest { BucketName = bucket, Objects = [.. page.Versions.Select(v => new KeyVersion { Key = v.Key, VersionId = v.VersionId })] });
        if (!page.IsTruncated)
        {
            break;
        }
    }

    await s3.DeleteBucketAsync(bucket);
}

static string[] Names(DirectoryInfo of) => [.. of.GetFiles("*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(of.FullName, f.FullName)).Order(StringComparer.Ordinal)];

static string Variable(string name, string? otherwise = null) => Environment.GetEnvironmentVariable(name) ?? otherwise ?? throw new InvalidOperationException($"{name} is not set");

static void Same(string got, string wanted, string what)
{
    if (got != wanted)
    {
        throw new InvalidOperationException($"AWSSDK.S3: {what}: '{got}' is not '{wanted}'");
    }
}
