using Slipway.Core.Specs;

namespace Slipway.Models.Parity;

/// <summary>
/// How far an output may be from the recorded one: |found − expected| ≤ absolute + relative × |expected|.
/// Holds for floating-point outputs; integers, booleans and text must be equal.
/// </summary>
[Summary("How far a floating-point output may be from the recorded one: |found - expected| <= absolute + relative * |expected|. Integers, booleans and text must be equal.")]
[Example("{ relative: 1e-5, absolute: 1e-7 }")]
public sealed record Tolerance(
    [Summary("Allowed difference as a share of the expected value.")] double Relative = 1e-6,
    [Summary("Allowed difference in the output's own unit: what decides near zero.")] double Absolute = 1e-6)
{
    public static Tolerance Default { get; } = new();

    /// <summary>Every bit counts.</summary>
    public static Tolerance Exact { get; } = new(0, 0);

    /// <summary>Why these are not usable bounds; null when they are.</summary>
    internal string? Fault =>
        !(double.IsFinite(Relative) && Relative >= 0) ? "relative is not a number from 0 up"
        : !(double.IsFinite(Absolute) && Absolute >= 0) ? "absolute is not a number from 0 up"
        : null;
}
