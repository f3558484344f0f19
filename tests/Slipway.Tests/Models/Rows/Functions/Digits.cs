using Xunit;

namespace Slipway.Tests.Models.Rows.Functions;

/// <summary>How near a double is to the one that was expected, counted in doubles between them.</summary>
internal static class Digits
{
    public static void AssertWithin(int ulps, double expected, object? actual)
    {
        var distance = Math.Abs(BitConverter.DoubleToInt64Bits(expected) - BitConverter.DoubleToInt64Bits(Assert.IsType<double>(actual)));
        Assert.True(distance <= ulps, $"expected {expected:R} within {ulps} ulp, found {actual:R}: {distance} ulp");
    }
}
