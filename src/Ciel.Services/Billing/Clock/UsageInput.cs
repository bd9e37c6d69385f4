using System.Text.Json;
using System.Text.RegularExpressions;
using Ciel.Core;
using Ciel.Core.Http;
using Ciel.Core.Ledger;
using Ciel.Core.Store;
using Ciel.Services.Billing.Door;
using static Ciel.Services.Billing.Calendar.Micros;

namespace Ciel.Services.Billing.Clock;

/// <summary>Usage as an operator gives it to a sandbox: what ran <c>from</c> and perhaps <c>to</c>, or what was counted <c>at</c> an instant.</summary>
/// <param name="Project">The project's name in the sandbox.</param>
/// <param name="Span">What ran; null where it was counted.</param>
/// <param name="Count">What was counted; null where it ran.</param>
internal sealed partial record UsageInput(string Project, UsageSpan? Span, UsageCount? Count)
{
    private const long Most = 1_000_000_000_000_000;

    public static UsageInput Read(Input input, Ids ids)
    {
        var (project, resource, meter) = (input.String("project", 1, 128, Name()), input.String("resource", 1, 128), input.String("meter", 1, 64));
        var (quantity, unit, attributes) = (input.OptionalInteger("quantity", 1, Most) ?? 1, input.String("unit", 1, 32), input.Raw("attributes"));
        var (from, to, at) = (input.OptionalInstant("from"), input.OptionalInstant("to"), input.OptionalInstant("at"));
        input.Done();
        if (attributes is { ValueKind: not (JsonValueKind.Object or JsonValueKind.Null) })
        {
            throw input.Refuse("attributes", "", "it must be a JSON object");
        }

        if ((from is null) == (at is null) || to <= from || (at is not null && to is not null))
        {
            throw input.Refuse("from", "", "say from when and perhaps to when it ran, or at which instant it was counted");
        }

        return from is { } start
            ? new(project, new()
            {
                Id = ids.Uuid(),
                Meter = meter,
                ResourceId = resource,
                ProjectId = project,
                Quantity = quantity,
                Unit = unit,
                Attributes = attributes is { ValueKind: JsonValueKind.Object } map ? map.GetRawText() : "{}",
                OpenedAt = start,
                ClosedAt = to,
            }, null)
            : new(project, null, new() { ProjectId = project, ResourceId = resource, Meter = meter, Quantity = quantity, Unit = unit, FromAt = at!.Value / Hour * Hour, ToAt = (at.Value / Hour * Hour) + Hour });
    }

    /// <summary>Writes it.</summary>
    public Task Add(Tx tx, string project) => Span is { } span
        ? SandboxUsage.Insert(tx, span with { ProjectId = project })
        : SandboxUsage.Count(tx, Count! with { ProjectId = project });

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9:._-]*\\z")]
    private static partial Regex Name();
}
