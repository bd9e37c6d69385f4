namespace Ciel.Core.Http.Egress;

/// <summary>A call went out to nobody, or its answer was not taken; the sentence says why and may be shown to the tenant.</summary>
public sealed class EgressRefusedException(string message, Exception? inner = null) : Exception(message, inner);
