using System.Globalization;
using Ciel.Core.Http.Egress;
using Ciel.Services.ObjectStorage.Door;

namespace Ciel.Services.ObjectStorage.Notifications;

/// <summary>The attributes of topics. Those of SNS are kept; those that say how events are sent bear Ceph RGW's names, which its users know.</summary>
internal static class TopicAttributes
{
    public const string Endpoint = "push-endpoint";
    public const string Opaque = "OpaqueData";
    public const string Lifetime = "time_to_live";
    public const string Retries = "max_retries";
    public const string Pause = "retry_sleep_duration";

    /// <summary>Sends again what was given up; nothing that is kept.</summary>
    public const string Redrive = "Redrive";

    private const int Longest = 2048;
    private const long MostLifetime = 14L * 24 * 3600;
    private static readonly HashSet<string> Kept = ["DisplayName", "Policy", "DeliveryPolicy", Opaque];

    /// <summary>Refuses what cannot be set.</summary>
    public static void Check(string name, string value)
    {
        if (value.Length > Longest)
        {
            throw Wrong(name, $"it is longer than {Longest} characters.");
        }

        switch (name)
        {
            case Endpoint:
                Url(value);
                break;
            case Lifetime:
                Number(name, value, MostLifetime);
                break;
            case Retries:
                Number(name, value, 10_000);
                break;
            case Pause:
                Number(name, value, 3600);
                break;
            // Every event is stored before its request is answered.
            case "persistent" when value is "true" or "false":
            case "verify-ssl" when value is "true":
            case "cloudevents" when value is "false":
                break;
            case "verify-ssl":
                throw Wrong(name, "certificates are always verified. Add the receiver's authority to the operator's system, or use http.");
            case "cloudevents":
                throw Wrong(name, "events are sent in S3's own form only.");
            default:
                if (!Kept.Contains(name))
                {
                    throw Wrong(name, "there is no such attribute here. Webhooks are the only receivers; set push-endpoint to an http:// or https:// URL.");
                }

                break;
        }
    }

    private static void Url(string value)
    {
        try
        {
            _ = value.Length == 0 ? null : EgressGate.Url(value);
        }
        catch (EgressRefusedException e)
        {
            throw Wrong(Endpoint, e.Message);
        }
    }

    private static void Number(string name, string value, long most)
    {
        if (!long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > most)
        {
            throw Wrong(name, $"it must be a number from 0 to {most}.");
        }
    }

    private static S3Fault Wrong(string name, string why) => new(400, "InvalidParameter", $"Invalid parameter: {name}: {why}");
}
