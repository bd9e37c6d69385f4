using System.Security.Cryptography;
using System.Text;
using Ciel.Core.Errors;
using Ciel.Core.Store;
using Ciel.Core.Trust;
using Ciel.Services.Identity.Delegation;
using Ciel.Services.Identity.Projects;
using Ciel.Services.Identity.Users;

namespace Ciel.Services.Identity.Tokens;

/// <summary>Who somebody proved to be, and what the proof carries over to the new token.</summary>
/// <param name="UserId">The user.</param>
/// <param name="Methods">All methods, those of the token that was shown included.</param>
/// <param name="Parent">The token that was shown; null without.</param>
/// <param name="Credential">The application credential that was shown, or that the shown token came by; null without.</param>
internal sealed record Identified(string UserId, TokenMethods Methods, TokenContent? Parent, AppCredentialRow? Credential);

/// <summary>Checks the proofs of a login. Whatever is wrong, the answer is the same 401 and takes as long; only for a void token it is 404, as Keystone has it.</summary>
internal sealed class Identification(Db db, TokenChecker checker, PasswordHasher hasher)
{
    public async Task<Identified> Identify(AuthRequest request)
    {
        var proofs = new List<Identified>();
        if (request.ByPassword is { } password)
        {
            proofs.Add(await ByPassword(password.User, password.Secret));
        }

        if (request.ByToken is { } token)
        {
            proofs.Add(await ByToken(token));
        }

        if (request.ByAppCredential is { } credential)
        {
            proofs.Add(await ByAppCredential(credential.Credential, credential.User, credential.Secret));
        }

        return proofs.Select(p => p.UserId).Distinct().Count() != 1 ? throw Fault.Unauthorized() : new Identified(
            proofs[0].UserId,
            proofs.Aggregate(TokenMethods.None, (all, p) => all | p.Methods),
            proofs.Select(p => p.Parent).FirstOrDefault(p => p is not null),
            proofs.Select(p => p.Credential).FirstOrDefault(c => c is not null));
    }

    private async Task<Identified> ByPassword(Named named, string password)
    {
        var user = await db.Read(r => FindUser(r, named));
        return await hasher.Verify(password, user?.PasswordHash) && user is not null
            ? new Identified(user.Id, TokenMethods.Password, null, null)
            : throw Fault.Unauthorized();
    }

    private async Task<Identified> ByToken(string text)
    {
        var proven = await checker.Check(text) ?? throw Fault.NotFound("Failed to validate token");
        if (proven.Standing.Trust is not null)
        {
            throw Fault.Forbidden("You are not authorized to perform the requested action: rescope a scoped token.");
        }

        // One that was deleted since the check must not leave its bearer as unlimited as the user.
        var credential = proven.Token.ApplicationCredentialId is { } id ? await db.Read(r => AppCredentialStore.Find(r, id)) ?? throw Fault.Unauthorized() : null;
        return new Identified(proven.Token.UserId, proven.Token.Methods | TokenMethods.Token, proven.Token, credential);
    }

    private async Task<Identified> ByAppCredential(Named named, Named? owner, string secret)
    {
        var row = await db.Read(r => FindCredential(r, named, owner));
        return row is not null && await SecretHash.Matches(hasher, secret, row.SecretHash) && !(row.ExpiresAt <= await db.Now())
            ? new Identified(row.UserId, TokenMethods.ApplicationCredential, null, row)
            : throw Fault.Unauthorized();
    }

    private static async Task<AppCredentialRow?> FindCredential(Reader reader, Named named, Named? owner)
    {
        if (named.Id is { } id)
        {
            return await AppCredentialStore.Find(reader, id);
        }

        return owner is not null && await FindUser(reader, owner) is { } user ? await AppCredentialStore.ByName(reader, user.Id, named.Name!) : null;
    }

    internal static async Task<UserRow?> FindUser(Reader reader, Named named)
    {
        if (named.Id is { } id)
        {
            return await UserStore.Find(reader, id);
        }

        var domain = named.Domain is { } d ? await FindDomain(reader, d) : null;
        return domain is null ? null : await UserStore.ByName(reader, domain.Id, named.Name!);
    }

    internal static Task<ProjectRow?> FindDomain(Reader reader, Named named) =>
        named.Id is { } id ? ProjectStore.Domain(reader, id) : ProjectStore.DomainByName(reader, named.Name!);
}

/// <summary>Secrets of application credentials: those that Ciel made (256 bits) by SHA-256, those that people chose as passwords.</summary>
internal static class SecretHash
{
    private const string Fast = "sha256:";

    public static string OfRandom(string secret) => Fast + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    public static async Task<bool> Matches(PasswordHasher hasher, string secret, string hash) => hash.StartsWith(Fast, StringComparison.Ordinal)
        ? CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(OfRandom(secret)), Encoding.ASCII.GetBytes(hash))
        : await hasher.Verify(secret, hash);
}
