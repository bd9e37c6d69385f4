using Ciel.Core.Policy;
using Microsoft.AspNetCore.Http;

namespace Ciel.Core.Http;

/// <summary>Turns a request's credentials into an actor; the identity service implements it.</summary>
public interface IAuthenticator
{
    /// <summary>The actor behind X-Auth-Token.</summary>
    /// <exception cref="Errors.Fault">401 where there is no valid token.</exception>
    ValueTask<Actor> Authenticate(HttpContext http);
}
