using System.Text.Json;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Images.Sharing;

/// <summary>Members of images.</summary>
internal sealed class MembersApi(Db db, MemberBook book)
{
    public void Map(Routes routes)
    {
        routes.Get("/v2/images/{id}/members", List);
        routes.Post("/v2/images/{id}/members", Create);
        routes.Get("/v2/images/{id}/members/{member}", Show);
        routes.Put("/v2/images/{id}/members/{member}", Answer);
        routes.Delete("/v2/images/{id}/members/{member}", Delete);
    }

    private async Task List(Call call)
    {
        call.Actor.Require(Roles.Reader, "get_members");
        var members = await db.Read(r => MemberBook.List(r, call.Actor, call.Route("id")), call.Cancel);
        await call.Many("members", members, Write, json => json.WriteString("schema", "/v2/schemas/members"));
    }

    private async Task Create(Call call)
    {
        var body = await call.Body();
        var project = body.String("member");
        var member = await db.Write(tx => book.Add(tx, call.Actor, call.Route("id"), project), call.Cancel);
        await call.Json(200, json => Write(json, member));
    }

    private async Task Show(Call call)
    {
        call.Actor.Require(Roles.Reader, "get_member");
        var member = await db.Read(r => MemberBook.Show(r, call.Actor, call.Route("id"), call.Route("member")), call.Cancel);
        await call.Json(200, json => Write(json, member));
    }

    private async Task Answer(Call call)
    {
        var body = await call.Body();
        // Clients send the member's whole view back; Glance reads the status alone.
        var status = body.OptionalChoice("status", Member.Statuses) ?? throw Fault.BadRequest("The body needs a \"status\": pending, accepted or rejected.");
        var member = await db.Write(tx => book.Answer(tx, call.Actor, call.Route("id"), call.Route("member"), status), call.Cancel);
        await call.Json(200, json => Write(json, member));
    }

    private async Task Delete(Call call)
    {
        await db.Write(tx => book.Remove(tx, call.Actor, call.Route("id"), call.Route("member")), call.Cancel);
        await call.Empty(204);
    }

    private static void Write(Utf8JsonWriter json, Member member)
    {
        json.WriteStartObject();
        json.WriteString("member_id", member.ProjectId);
        json.WriteString("image_id", member.ImageId);
        json.WriteString("status", member.Status);
        json.WriteString("created_at", ImageWire.Instant(member.CreatedAt));
        json.WriteString("updated_at", ImageWire.Instant(member.UpdatedAt));
        json.WriteString("schema", "/v2/schemas/member");
        json.WriteEndObject();
    }
}
