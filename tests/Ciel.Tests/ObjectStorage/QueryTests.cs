using System.Text;

namespace Ciel.Tests.ObjectStorage;

/// <summary>Forms of AWS's query protocol, which other services than S3 speak.</summary>
public class QueryTests
{
    [Fact]
    public async Task AnUnknownActionIsRefusedInTheProtocolsOwnXml()
    {
        await using var cloud = await S3Cloud.Start();
        var answer = await cloud.Main.Form("sns", ("Action", "Sing"));
        answer.Code.ShouldBe("InvalidAction");
        answer.Xml.Name.LocalName.ShouldBe("ErrorResponse");
        (await cloud.Main.Form("sns")).Code.ShouldBe("InvalidAction");
    }

    [Fact]
    public async Task TheBodyIsSigned()
    {
        await using var cloud = await S3Cloud.Start();
        var forger = cloud.Main.As(tamper: request => request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes("Action=Sung")));
        var answer = await forger.Form("sns", ("Action", "Sing"));
        answer.Code.ShouldBe("SignatureDoesNotMatch");
        answer.Xml.Name.LocalName.ShouldBe("ErrorResponse");
    }

    [Fact]
    public async Task AHugeFormIsRefused()
    {
        await using var cloud = await S3Cloud.Start();
        ((int)(await cloud.Main.Form("sns", ("Action", new string('x', 300_000)))).Status).ShouldBe(400);
    }
}
