using Ciel.Services.Billing.Calendar;

namespace Ciel.Services.Billing.Rating;

/// <summary>Something that ran for a while, as the ledger says it.</summary>
/// <param name="Meter">Such as <c>server.running</c>.</param>
/// <param name="Project">Who used it.</param>
/// <param name="Resource">What ran.</param>
/// <param name="Quantity">How much of the unit, all the while.</param>
/// <param name="Unit">The ledger's unit.</param>
/// <param name="Attributes">JSON.</param>
/// <param name="Ran">When.</param>
internal sealed record Usage(string Meter, string Project, string Resource, long Quantity, string Unit, string Attributes, Period Ran);

/// <summary>Something that was counted: requests, bytes that left.</summary>
/// <param name="Meter">Such as <c>object.egress</c>.</param>
/// <param name="Project">Who used it.</param>
/// <param name="Resource">Where it was counted.</param>
/// <param name="Quantity">How many of the unit.</param>
/// <param name="Unit">The ledger's unit.</param>
/// <param name="Attributes">JSON.</param>
/// <param name="At">When it began to be counted, µs UTC.</param>
internal sealed record Counted(string Meter, string Project, string Resource, long Quantity, string Unit, string Attributes, long At);
