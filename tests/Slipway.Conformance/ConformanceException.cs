namespace Slipway.Conformance;

/// <summary>An implementation does not keep its contract; the message says what was expected and what was found.</summary>
public sealed class ConformanceException(string message) : Exception(message);
