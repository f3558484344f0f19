namespace Slipway.Serving.OpenInference;

/// <param name="MaxRequestBytes">The longest request body, as sent and after inflating; more is answered 413.</param>
public sealed record OpenInferenceOptions(int MaxRequestBytes = 64 << 20);
