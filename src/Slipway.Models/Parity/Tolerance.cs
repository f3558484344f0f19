using Slipway.Core.Specs;

namespace Slipway.Models.Parity;

/// <summary>
/// How far an output may be from the recorded one: |found − expected| ≤ absolute + relative × |expected|, or, where relative is not 0, one unit in the last place:
/// the two numbers next to a recorded one are as near as its type can tell, which matters for FP16 and BF16.
/// Holds for floating-point outputs; integers, booleans and text must be equal.
/// </summary>
/// <exception cref="ArgumentException">A bound is negative, infinite or not a number.</exception>
[Summary("How far a floating-point output may be from the recorded one: |found - expected| <= absolute + relative * |expected|, or one unit in the last place where relative is not 0. Integers, booleans and text must be equal.")]
[Example("{ relative: 1e-5, absolute: 1e-7 }")]
public sealed record Tolerance(
    [Summary("Allowed difference as a share of the expected value.")] double Relative = 1e-6,
    [Summary("Allowed difference in the output's own unit; it decides near zero.")] double Absolute = 1e-6)
{
    public static Tolerance Default { get; } = new();

    /// <summary>Only equal numbers pass.</summary>
    public static Tolerance Exact { get; } = new(0, 0);

    public double Relative { get; init; } = Bound(Relative, nameof(Relative));

    public double Absolute { get; init; } = Bound(Absolute, nameof(Absolute));

    internal bool Allows(double difference, double expected, long ulp) =>
        difference <= Absolute + (Relative * Math.Abs(expected)) || (ulp <= 1 && Relative > 0);

    private static double Bound(double value, string name) =>
        double.IsFinite(value) && value >= 0 ? value : throw new ArgumentException("expected a number from 0 up", name);
}
