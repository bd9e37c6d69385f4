using System.Buffers.Text;
using Ciel.Core.Trust;
using CsCheck;

namespace Ciel.Tests.Trust;

public class TokenSealerTests
{
    private static readonly Gen<string> Id = Gen.OneOf(Gen.Const("default"), Gen.Byte.Array[16].Select(Convert.ToHexStringLower), Gen.Char.AlphaNumeric.Array[1, 60].Select(c => new string(c)));
    private static readonly Gen<string> Audit = Gen.Byte.Array[16].Select(b => Base64Url.EncodeToString(b));

    private static TokenContent Sample(TokenSealer sealer) => new()
    {
        AuditId = sealer.AuditId(),
        UserId = "0195d7e1b2a47c3e9f00112233445566",
        Scope = ScopeKind.Project,
        ScopeId = "0195d7e1b2a47c3e9f00112233445577",
        Methods = TokenMethods.Password,
        IssuedAt = 1_767_355_200_000_000,
        ExpiresAt = 1_767_358_800_000_000,
    };

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task WhatIsSealedOpensOnEveryController(string kind)
    {
        await using var parts = await TrustParts.Open(kind);
        var sealer = parts.Sealer();
        var token = Sample(sealer);
        var text = await sealer.Seal(token);
        text.Length.ShouldBeInRange(100, 160);
        (await parts.Sealer().Open(text)).ShouldBe(token);
    }

    [Fact]
    public async Task EachByteCounts()
    {
        await using var parts = await TrustParts.Open();
        var sealer = parts.Sealer();
        var bytes = Base64Url.DecodeFromChars(await sealer.Seal(Sample(sealer)));
        for (var i = 0; i < bytes.Length; i++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                bytes[i] ^= (byte)(1 << bit);
                (await sealer.Open(Base64Url.EncodeToString(bytes))).ShouldBeNull($"byte {i}, bit {bit}");
                bytes[i] ^= (byte)(1 << bit);
            }
        }
    }

    [Fact]
    public async Task EachTokenHasOneSpelling()
    {
        await using var parts = await TrustParts.Open();
        var sealer = parts.Sealer();
        var text = await sealer.Seal(Sample(sealer));
        foreach (var other in new[] { text + "=", text + " ", " " + text, text + "A", text[..^1], text.Insert(9, "\n"), "", "A", new string('A', 5000), "ä" + text })
        {
            (await sealer.Open(other)).ShouldBeNull(other);
        }
    }

    [Fact]
    public void AnyContentComesBack() => Gen.Select(Id, Id.Null(), Id.Null(), Audit, Audit.Null(), Gen.Long, Gen.Long)
        .Select((user, scope, delegation, audit, chain, from, to) => new TokenContent
        {
            UserId = user,
            ScopeId = scope,
            TrustId = delegation,
            ApplicationCredentialId = delegation,
            AuditId = audit,
            ChainId = chain,
            IssuedAt = from,
            ExpiresAt = to,
            Scope = (ScopeKind)(from & 3),
            Methods = (TokenMethods)(to & 7),
        })
        .Sample(token => TokenCodec.Read(TokenCodec.Write(token)).ShouldBe(token));

    [Fact]
    public async Task KeysChangeDailyAndOldTokensOpenUntilTheyExpire()
    {
        await using var parts = await TrustParts.Open();
        var ring = parts.Ring();
        var sealer = parts.Sealer(ring);
        var old = await sealer.Seal(Sample(sealer));
        parts.Time.Pass(TimeSpan.FromHours(25));
        await sealer.Seal(Sample(sealer));
        parts.Time.Pass(TimeSpan.FromMinutes(1));
        var fresh = await sealer.Seal(Sample(sealer));
        KeyNumber(fresh).ShouldBe(KeyNumber(old) + 1);
        (await sealer.Open(old)).ShouldNotBeNull();

        await sealer.ForgetOldKeys();
        (await sealer.Open(old)).ShouldNotBeNull("the key made 25 hours ago may have sealed a token an hour ago");
        parts.Time.Pass(TimeSpan.FromHours(2));
        await sealer.ForgetOldKeys();
        (await sealer.Open(old)).ShouldBeNull();
        (await sealer.Open(fresh)).ShouldNotBeNull();
    }

    [Fact]
    public async Task ANewKeyIsUsedOnlyWhenOthersHadTimeToLearnOfIt()
    {
        await using var parts = await TrustParts.Open();
        var (here, there) = (parts.Sealer(), parts.Sealer());
        var first = await here.Seal(Sample(here));
        (await there.Open(first)).ShouldNotBeNull();
        parts.Time.Pass(TimeSpan.FromHours(25));
        KeyNumber(await here.Seal(Sample(here))).ShouldBe(KeyNumber(first));
        parts.Time.Pass(TimeSpan.FromSeconds(6));
        var second = await here.Seal(Sample(here));
        KeyNumber(second).ShouldBe(KeyNumber(first) + 1);
        (await there.Open(second)).ShouldNotBeNull();
    }

    [Fact]
    public async Task ASecretsKeyOpensNoToken()
    {
        await using var parts = await TrustParts.Open();
        var ring = parts.Ring();
        await ring.Rotate();
        var key = (await ring.Find(1))!;
        var head = new byte[] { 1, 0, 0, 0, 1 };
        var forged = Base64Url.EncodeToString([.. head, .. key.Encrypt(TokenCodec.Write(Sample(parts.Sealer())), head, new Core.Host.SystemSecrets())]);
        (await parts.Sealer(ring).Open(forged)).ShouldBeNull();
    }

    private static int KeyNumber(string token) => Base64Url.DecodeFromChars(token)[4];
}
