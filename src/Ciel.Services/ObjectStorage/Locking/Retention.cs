using System.Xml.Linq;
using Ciel.Services.ObjectStorage.Access;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Objects;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Locking;

/// <summary>How long a version may not be removed (object lock).</summary>
/// <param name="Mode">GOVERNANCE or COMPLIANCE; null for not at all.</param>
/// <param name="Until">µs UTC.</param>
/// <param name="Hold">A legal hold, which has no end.</param>
internal sealed record Retention(string? Mode, long? Until, bool Hold)
{
    public const string Governance = "GOVERNANCE";
    public const string Compliance = "COMPLIANCE";
    private const string Prefix = "x-amz-object-lock-";

    /// <summary>What a write asks for, or else what the bucket gives by default.</summary>
    public static Retention Of(S3Call call)
    {
        var (mode, until, hold) = (call.Header(Prefix + "mode"), call.Header(Prefix + "retain-until-date"), call.Header(Prefix + "legal-hold"));
        if (mode is null && until is null && hold is null)
        {
            return Default(call.Bucket, call.Now);
        }

        if (!call.Bucket.Locking)
        {
            throw Faults.InvalidRequest("Bucket is missing Object Lock Configuration");
        }

        if ((mode is null) != (until is null))
        {
            throw Faults.InvalidArgument(Prefix + "mode", mode, "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied");
        }

        Require(call, "s3:PutObjectRetention", mode is not null);
        Require(call, "s3:PutObjectLegalHold", hold is not null);
        var fallback = Default(call.Bucket, call.Now);
        return new Retention(mode is null ? fallback.Mode : ModeOf(mode), until is null ? fallback.Until : UntilOf(until, call.Now), HoldOf(hold));
    }

    /// <summary>The body of PutObjectRetention; nulls take it away.</summary>
    public static (string? Mode, long? Until) Parse(XElement root, long now)
    {
        var (mode, until) = (root.Text("Mode"), root.Text("RetainUntilDate"));
        return mode is null && until is null ? (null, null)
            : mode is null || until is null ? throw Faults.MalformedXml()
            : (mode is Governance or Compliance ? mode : throw Faults.MalformedXml(), UntilOf(until, now));
    }

    /// <summary>Refuses to remove a version that is locked.</summary>
    /// <param name="row">The version.</param>
    /// <param name="now">µs UTC.</param>
    /// <param name="bypass">Whether the caller may and will pass over governance.</param>
    public static void Check(VersionRow row, long now, bool bypass)
    {
        if (row.LegalHold || (row.RetainUntil > now && (row.RetainMode == Compliance || !bypass)))
        {
            throw Faults.AccessDenied("Access Denied because object protected by object lock.");
        }
    }

    /// <summary>Refuses to shorten or weaken what binds.</summary>
    public static void CheckChange(VersionRow row, string? mode, long? until, long now, bool bypass)
    {
        if (Binds(row, mode, until, now, bypass))
        {
            throw Faults.AccessDenied("Access Denied because object protected by object lock.");
        }
    }

    /// <summary>Whether what binds a version would be shortened or weakened by this.</summary>
    public static bool Binds(VersionRow row, string? mode, long? until, long now, bool bypass)
    {
        var weaker = until is null || until < row.RetainUntil || (row.RetainMode == Compliance && mode != Compliance) || (row.RetainMode == Governance && mode is null);
        return row.RetainUntil > now && row.RetainMode is not null && ((row.RetainMode == Compliance && weaker) || (row.RetainMode == Governance && (weaker || mode != row.RetainMode) && !bypass));
    }

    public static void Answer(S3Call call, VersionRow row)
    {
        call.Answer(Prefix + "mode", row.RetainMode);
        call.Answer(Prefix + "retain-until-date", row.RetainUntil is { } until ? Instants.Iso(until) : null);
        call.Answer(Prefix + "legal-hold", row.LegalHold ? "ON" : null);
    }

    // Who may only write must not make the owner keep, and pay for, what it wrote.
    private static void Require(S3Call call, string action, bool asked)
    {
        if (asked && !Authorizer.MayLock(call, action) && !Deed.IsReplica(call))
        {
            throw Faults.AccessDenied();
        }
    }

    /// <summary>What a bucket gives to what is new in it and says nothing itself.</summary>
    /// <param name="bucket">Where it is.</param>
    /// <param name="now">µs UTC.</param>
    public static Retention Default(BucketRow bucket, long now)
    {
        var rule = bucket[SettingKinds.Lock] is { } text ? XmlInput.Parse(text).One("Rule")?.One("DefaultRetention") : null;
        if (rule?.Text("Mode") is not { } mode)
        {
            return new Retention(null, null, false);
        }

        var from = Instants.Of(now);
        var until = rule.Text("Days") is { } days ? from.AddDays(int.Parse(days)) : from.AddYears(int.Parse(rule.Text("Years")!));
        return new Retention(mode, Instants.Micros(until), false);
    }

    private static string ModeOf(string mode) => mode is Governance or Compliance ? mode : throw Faults.InvalidArgument(Prefix + "mode", mode, "Unknown wormMode directive.");

    private static long UntilOf(string text, long now)
    {
        var until = Instants.ParseIso(text) ?? throw Faults.InvalidArgument(Prefix + "retain-until-date", text, "The retain until date must be provided in ISO 8601 format");
        return until > now ? until : throw Faults.InvalidArgument(Prefix + "retain-until-date", text, "The retain until date must be in the future!");
    }

    private static bool HoldOf(string? text) => text switch
    {
        null or "OFF" => false,
        "ON" => true,
        _ => throw Faults.InvalidArgument(Prefix + "legal-hold", text, "Legal Hold must be either of 'ON' or 'OFF'"),
    };
}
