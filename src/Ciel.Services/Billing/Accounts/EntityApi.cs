using System.Text.Json;
using System.Text.RegularExpressions;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;

namespace Ciel.Services.Billing.Accounts;

/// <summary>Routes of the legal entities that issue invoices.</summary>
internal sealed partial class EntityApi(Db db, EntityBook book)
{
    /// <summary>What may be said of an entity beside its name, country and tax number.</summary>
    public static readonly IReadOnlyList<string> Details = ["street", "city", "postcode", "region", "email", "phone", "contact", "registration", "bank", "iban", "bic"];

    public void Map(Routes routes)
    {
        routes.Get("/v1/entities", List);
        routes.Post("/v1/entities", Create);
        routes.Get("/v1/entities/{id}", Show);
        routes.Patch("/v1/entities/{id}", Update);
    }

    private async Task List(Call call)
    {
        call.Actor.RequireAdmin("billing:entities:list");
        await call.Many("entities", await db.Read(EntityStore.All, call.Cancel), Write);
    }

    private async Task Show(Call call)
    {
        call.Actor.RequireAdmin("billing:entities:show");
        await Answer(call, call.Route("id"), 200);
    }

    private async Task Create(Call call)
    {
        call.Actor.RequireAdmin("billing:entities:create");
        var input = (await call.Body()).Object("entity");
        var entity = Read(input, new Entity { Id = input.String("id", 1, 64, PartyInput.Id()), Name = input.String("name"), Prefix = input.String("prefix", 1, 32, NumberPrefix()) });
        await book.Create(call.Actor, entity, call.Cancel);
        await Answer(call, entity.Id, 201);
    }

    private async Task Update(Call call)
    {
        call.Actor.RequireAdmin("billing:entities:update");
        var input = (await call.Body()).Object("entity");
        await book.Update(call.Actor, call.Route("id"), before => Read(input, before), call.Cancel);
        await Answer(call, call.Route("id"), 200);
    }

    private async Task Answer(Call call, string id, int status)
    {
        var entity = await db.Read(r => EntityStore.Find(r, id), call.Cancel) ?? throw Fault.NotFound($"There is no legal entity {id}. `ciel entity list` shows them.");
        await call.One("entity", json => Write(json, entity), status);
    }

    // Details are laid over what is there; an empty one goes.
    private static Entity Read(Input input, Entity before)
    {
        var details = JsonSerializer.Deserialize<SortedDictionary<string, string>>(before.Details)!;
        foreach (var (name, value) in PartyInput.Details(input) ?? new Dictionary<string, string>())
        {
            details[name] = Details.Contains(name) ? value.Trim() : throw input.Refuse("details." + name, value, $"an entity's details are {string.Join(", ", Details)}");
        }

        var country = PartyInput.Country(input, before.Country);
        var after = before with
        {
            Name = PartyInput.Name(input, before.Name),
            Country = country,
            TaxNumber = PartyInput.TaxNumber(input, before.TaxNumber, country),
            Prefix = input.OptionalString("prefix", 1, 32, NumberPrefix()) ?? before.Prefix,
            Details = JsonSerializer.Serialize(details.Where(d => d.Value.Length > 0).ToDictionary()),
        };
        input.Done();
        return details.TryGetValue("iban", out var iban) && iban.Length > 0 && !Iban.IsGood(iban) ? throw input.Refuse("details.iban", iban, "it is no IBAN: its check digits do not fit") : after;
    }

    private static void Write(Utf8JsonWriter json, Entity entity)
    {
        json.WriteStartObject();
        json.WriteString("id", entity.Id);
        json.WriteString("name", entity.Name);
        json.WriteString("country", entity.Country);
        json.WriteString("tax_number", entity.TaxNumber);
        json.WriteString("prefix", entity.Prefix);
        json.WriteNumber("last_number", entity.LastNumber);
        json.WritePropertyName("details");
        json.WriteRawValue(entity.Details);
        json.WriteEndObject();
    }

    // No digit at the end, so that no two entities' numbers can ever be the same.
    [GeneratedRegex("^[A-Za-z0-9-]*[A-Za-z-]\\z")]
    private static partial Regex NumberPrefix();
}
