using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Services.Identity.Roles;
using Ciel.Services.Identity.Tokens;

namespace Ciel.Services.Identity.Delegation;

/// <summary>Reads trusts from requests.</summary>
internal static class TrustInput
{
    /// <summary>How often a trust may be handed on at most, as in Keystone.</summary>
    private const int MostRedelegations = 3;

    public static TrustRow Read(Input input, string id, long now)
    {
        var row = new TrustRow
        {
            Id = id,
            TrustorId = input.Id("trustor_user_id"),
            TrusteeId = input.Id("trustee_user_id"),
            ProjectId = input.OptionalId("project_id"),
            Impersonation = input.OptionalBoolean("impersonation") ?? throw Fault.BadRequest("'impersonation' is a required property"),
            ExpiresAt = AppCredentialInput.Expiry(input, now),
            RemainingUses = input.OptionalInteger("remaining_uses", 1),
            AllowRedelegation = input.OptionalBoolean("allow_redelegation") ?? false,
            RedelegationCount = input.OptionalInteger("redelegation_count", 0, MostRedelegations) ?? MostRedelegations,
        };
        input.Raw("roles");
        return row with { Extra = Extra.Of(input) };
    }

    /// <summary>The roles that are lent; a trust for a project names at least one.</summary>
    public static IReadOnlyList<RoleRow> Roles(Input input, IReadOnlyList<NamedId> held) => input.OptionalObjects("roles") is { Count: > 0 }
        ? AppCredentialInput.Roles(input, held)
        : throw Fault.Forbidden("At least one role should be specified.");

    /// <summary>A trust that is made by a trust: not longer, not deeper and not for more than that one allows.</summary>
    public static TrustRow Redelegated(TrustRow row, TrustRow? parent)
    {
        if (parent is null)
        {
            return row;
        }

        if (!parent.AllowRedelegation || parent.RedelegationCount == 0 || row.RemainingUses is not null || parent.ExpiresAt < (row.ExpiresAt ?? long.MaxValue))
        {
            throw Fault.Forbidden("The trust does not allow to be handed on like this.");
        }

        var count = Math.Min(row.RedelegationCount, parent.RedelegationCount - 1);
        return row with { RedelegatedTrustId = parent.Id, RedelegationCount = count, AllowRedelegation = row.AllowRedelegation && count > 0, Impersonation = row.Impersonation && parent.Impersonation };
    }
}
