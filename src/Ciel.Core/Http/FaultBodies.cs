using System.Text.Json;
using Ciel.Core.Errors;
using Microsoft.AspNetCore.WebUtilities;

namespace Ciel.Core.Http;

/// <summary>The error bodies of the OpenStack APIs, as a real one answers them.</summary>
public static class FaultBodies
{
    /// <summary>Keystone, and every service's 401: <c>{"error": {code, message, title}}</c>.</summary>
    public static void Keystone(Utf8JsonWriter json, Fault fault)
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteNumber("code", fault.Status);
        json.WriteString("message", fault.Message);
        json.WriteString("title", ReasonPhrases.GetReasonPhrase(fault.Status));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Nova and Cinder: <c>{"itemNotFound": {code, message}}</c>.</summary>
    public static void Nova(Utf8JsonWriter json, Fault fault)
    {
        if (fault.Status == 401)
        {
            Keystone(json, fault);
            return;
        }

        json.WriteStartObject();
        json.WriteStartObject(NovaName(fault.Status));
        json.WriteNumber("code", fault.Status);
        json.WriteString("message", fault.Message);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Neutron: <c>{"NeutronError": {type, message, detail}}</c>.</summary>
    public static void Neutron(Utf8JsonWriter json, Fault fault)
    {
        if (fault.Status == 401)
        {
            Keystone(json, fault);
            return;
        }

        json.WriteStartObject();
        json.WriteStartObject("NeutronError");
        json.WriteString("type", fault.Kind switch
        {
            "BadRequest" => "HTTPBadRequest",
            "NotFound" => "HTTPNotFound",
            _ => fault.Kind,
        });
        json.WriteString("message", fault.Message);
        json.WriteString("detail", "");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Glance: <c>{message, code: "404 Not Found", title}</c>.</summary>
    public static void Glance(Utf8JsonWriter json, Fault fault)
    {
        var title = ReasonPhrases.GetReasonPhrase(fault.Status);
        json.WriteStartObject();
        json.WriteString("message", fault.Message + "<br /><br />\n\n\n");
        json.WriteString("code", $"{fault.Status} {title}");
        json.WriteString("title", title);
        json.WriteEndObject();
    }

    private static string NovaName(int status) => status switch
    {
        400 => "badRequest",
        403 => "forbidden",
        404 => "itemNotFound",
        405 => "badMethod",
        409 => "conflictingRequest",
        413 => "overLimit",
        415 => "badMediaType",
        429 => "overLimit",
        501 => "notImplemented",
        503 => "serviceUnavailable",
        _ => "computeFault",
    };
}
