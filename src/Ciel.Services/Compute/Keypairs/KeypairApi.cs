using System.Text.Json;
using System.Text.RegularExpressions;
using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Events;
using Ciel.Core.Http;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>Routes of keypairs (Compute API reference, "Keypairs").</summary>
internal sealed partial class KeypairApi(Db db, Ids ids)
{
    public void Map(Routes routes)
    {
        routes.Get("/v2.1/os-keypairs", List);
        routes.Post("/v2.1/os-keypairs", Create);
        routes.Get("/v2.1/os-keypairs/{name}", Show);
        routes.Delete("/v2.1/os-keypairs/{name}", Delete);
    }

    private async Task List(Call call)
    {
        var page = Page.Since(call, 35);
        var keys = await db.Read(r => KeypairStore.List(r, UserOf(call, call.Query("user_id")), page), call.Cancel);
        await call.Many(
            "keypairs",
            keys,
            (json, key) =>
            {
                json.WriteStartObject();
                json.WriteStartObject("keypair");
                WriteCommon(json, key, call.Version);
                json.WriteEndObject();
                json.WriteEndObject();
            },
            json => Links.WriteNext(json, call, "keypairs", call.Version >= 35 ? page.Next(keys, k => k.Name) : null));
    }

    private async Task Show(Call call)
    {
        var user = UserOf(call, call.Query("user_id"));
        var key = await db.Read(r => KeypairStore.Find(r, user, call.Route("name")), call.Cancel) ?? throw KeypairStore.NotFound(user, call.Route("name"));
        await call.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("keypair");
            WriteCommon(json, key, call.Version);
            json.WriteString("user_id", key.UserId);
            json.WriteBoolean("deleted", false);
            json.WriteString("created_at", Stamp.Micro(key.CreatedAt));
            json.WriteNull("deleted_at");
            json.WriteNull("updated_at");
            json.WriteNumber("id", key.CreatedAt);
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    private async Task Create(Call call)
    {
        var (key, secret) = Read(await call.Body(), call, await db.Now(call.Cancel));
        var note = ids.Uuid();
        await db.Write(
            async tx =>
            {
                await KeypairStore.Insert(tx, key, call.Actor.Project());
                await AuditLog.Note(tx, note, call.Actor, "create", "keypair", key.Id, key.Name);
            },
            call.Cancel);
        await call.Json(call.Version >= 2 ? 201 : 200, json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("keypair");
            WriteCommon(json, key, call.Version);
            json.WriteString("user_id", key.UserId);
            if (secret is not null)
            {
                json.WriteString("private_key", secret);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    private (Keypair Key, string? Secret) Read(Input body, Call call, long now)
    {
        var input = body.Object("keypair");
        body.Done();
        var name = input.String("name");
        var type = call.Version >= 2 ? input.OptionalChoice("type", "ssh", "x509") ?? "ssh" : "ssh";
        var user = UserOf(call, call.Version >= 10 ? input.OptionalString("user_id", 1) : null, create: true);
        var given = call.Version >= 92 ? input.String("public_key", 1, 16384) : input.OptionalString("public_key", 0, 16384);
        input.Done();
        if (!(call.Version >= 92 ? NewName() : OldName()).IsMatch(name))
        {
            throw Fault.BadRequest("Keypair data is invalid: Keypair name contains unsafe characters");
        }

        var x509 = type == "x509";
        var (secret, line) = given is not null ? (null, given) : x509 ? UserCertificate.Generate(user, now) : SshKey.Generate();
        var fingerprint = (x509 ? UserCertificate.Fingerprint(line) : SshKey.Fingerprint(line))
            ?? throw Fault.BadRequest("Keypair data is invalid: failed to generate fingerprint");
        return (new Keypair { Id = ids.Uuid(), UserId = user, Name = name, Type = type, PublicKey = line, Fingerprint = fingerprint, CreatedAt = now }, secret);
    }

    private async Task Delete(Call call)
    {
        var user = UserOf(call, call.Query("user_id"), create: true);
        var note = ids.Uuid();
        await db.Write(
            async tx =>
            {
                await KeypairStore.Delete(tx, user, call.Route("name"));
                await AuditLog.Note(tx, note, call.Actor, "delete", "keypair", call.Route("name"));
            },
            call.Cancel);
        await call.Empty(call.Version >= 2 ? 204 : 202);
    }

    // Keys are their user's; from 2.10 an administrator may name another.
    private static string UserOf(Call call, string? asked, bool create = false)
    {
        if (call.Version < 10 || asked is null || asked == call.Actor.UserId)
        {
            return call.Actor.UserId;
        }

        call.Actor.RequireAdmin("os_compute_api:os-keypairs:" + (create ? "create" : "show"));
        return asked;
    }

    private static void WriteCommon(Utf8JsonWriter json, Keypair key, int version)
    {
        json.WriteString("name", key.Name);
        json.WriteString("public_key", key.PublicKey);
        json.WriteString("fingerprint", key.Fingerprint);
        if (version >= 2)
        {
            json.WriteString("type", key.Type);
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9 _-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex OldName();

    [GeneratedRegex(@"\A[A-Za-z0-9 @._-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex NewName();
}
