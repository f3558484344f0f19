using System.Globalization;
using Slipway.Core;
using Slipway.Models.Parity;

namespace Slipway.Tests.Models.Parity;

public class ParityComparerTests
{
    private static ParityReport Compare(Tensor expected, Tensor found, Tolerance? tolerance = null)
    {
        using var left = new Batch(expected);
        using var right = new Batch(found);
        var comparer = new ParityComparer(tolerance);
        comparer.Add(left, right, "recorded/a.json");
        return comparer.Report;
    }

    private static Tensor Column<T>(params T[] values) where T : unmanaged => Tensor.Of("y", values.AsSpan());

    private static Tensor Scalar(float value)
    {
        var tensor = new Tensor("y", ElementType.Float32);
        tensor.Values<float>()[0] = value;
        return tensor;
    }

    private static Tensor BFloats(params ushort[] bits)
    {
        var tensor = new Tensor("y", ElementType.BFloat16, bits.Length);
        bits.CopyTo(tensor.Values<ushort>());
        return tensor;
    }

    private static Tensor WithMissing(Tensor tensor, int index)
    {
        tensor.SetMissing(index);
        return tensor;
    }

    [Theory]
    [MemberData(nameof(AllTypes))]
    public void Equal_tensors_of_every_type_pass_without_any_difference(ElementType type)
    {
        Tensor Make()
        {
            if (type == ElementType.Bytes) return Tensor.OfText("y", "a", null, "");
            var tensor = new Tensor("y", type, 3, 2);
            new Random(3).NextBytes(tensor.RawData);
            tensor.SetMissing(1);
            return tensor;
        }
        Assert.Equal(new ParityReport(true, 3, 0, 0, 0, null), Compare(Make(), Make(), Tolerance.Exact));
    }

    public static TheoryData<ElementType> AllTypes => [.. Enum.GetValues<ElementType>()];

    [Fact]
    public void One_unit_in_the_last_place_is_measured_in_the_output_s_own_type()
    {
        Assert.Equal(new ParityReport(true, 1, 1.1920928955078125e-07, 1.1920928955078125e-07, 1, null), Compare(Column(1f), Column(float.BitIncrement(1f))));
        Assert.Equal(new ParityReport(true, 1, 2.220446049250313e-16, 2.220446049250313e-16, 1, null), Compare(Column(1.0), Column(double.BitIncrement(1))));
        Assert.Equal(new ParityReport(true, 1, 0.0009765625, 0.0009765625, 1, null), Compare(Column((Half)1), Column(Half.BitIncrement((Half)1))));
        Assert.Equal(new ParityReport(true, 1, 0.0078125, 0.0078125, 1, null), Compare(BFloats(0x3F80), BFloats(0x3F81)));
        Assert.False(Compare(Column((Half)1), Column((Half)1.002)).Passed);
        Assert.False(Compare(BFloats(0x3F80), BFloats(0x3F82)).Passed);
    }

    [Fact]
    public void One_unit_in_the_last_place_fails_when_only_equal_numbers_pass()
    {
        Assert.False(Compare(Column((Half)1), Column(Half.BitIncrement((Half)1)), Tolerance.Exact).Passed);
        var report = Compare(Column(0f, 1f), Column(0f, float.BitDecrement(1f)), Tolerance.Exact);
        Assert.False(report.Passed);
        Assert.Equal("recorded/a.json: output 'y' row 1: expected 1, found 0.99999994 (5.960464477539063E-08 absolute, 1 ULP apart; allowed 0 absolute + 0 relative)", report.Reason);
    }

    [Fact]
    public void Zeros_of_both_signs_are_equal_and_neighbours_across_zero_are_two_apart()
    {
        Assert.Equal(new ParityReport(true, 1, 0, 0, 0, null), Compare(Column(0.0), Column(-0.0), Tolerance.Exact));
        Assert.Equal(2, Compare(Column(double.Epsilon), Column(-double.Epsilon)).MaxUlp);
        Assert.Equal(long.MaxValue, Compare(Column(double.MaxValue), Column(double.MinValue)).MaxUlp);
        Assert.Equal(double.MaxValue, Compare(Column(double.MaxValue), Column(double.MinValue)).MaxAbsolute);
    }

    [Theory]
    [InlineData(100.0, 100.0001, true)]
    [InlineData(100.0, 100.00011, false)]
    [InlineData(-100.0, -100.00009, true)]
    [InlineData(0.0, 1e-6, true)]
    [InlineData(0.0, 1.0001e-6, false)]
    [InlineData(1e-9, -9e-7, true)]
    public void Default_tolerance_is_a_millionth_of_the_expected_value_plus_a_millionth(double expected, double found, bool passes) =>
        Assert.Equal(passes, Compare(Column(expected), Column(found)).Passed);

    [Fact]
    public void Relative_difference_leaves_out_an_expected_zero() =>
        Assert.Equal(new ParityReport(true, 2, 1e-7, 0, 0, null), Compare(Column(0.0, 1.0), Column(1e-7, 1.0)) with { MaxUlp = 0 });

    [Fact]
    public void Numbers_that_are_not_finite_are_equal_only_to_themselves()
    {
        Assert.True(Compare(Column(double.NaN, double.PositiveInfinity), Column(double.NaN, double.PositiveInfinity), Tolerance.Exact).Passed);
        foreach (var (expected, found) in new[] { (double.NaN, 1), (1, double.NaN), (double.PositiveInfinity, double.NegativeInfinity), (double.PositiveInfinity, double.MaxValue), (0, double.PositiveInfinity) })
        {
            var report = Compare(Column(expected), Column(found), new Tolerance(1, 1e300));
            Assert.Equal((false, 0, 0, 0), (report.Passed, report.MaxAbsolute, report.MaxRelative, report.MaxUlp));
            Assert.Contains($"expected {expected.ToString(CultureInfo.InvariantCulture)}, found {found.ToString(CultureInfo.InvariantCulture)}", report.Reason);
        }
    }

    [Fact]
    public void Missing_equals_missing_and_for_floats_also_NaN()
    {
        Assert.True(Compare(WithMissing(Column(5.0, 2), 0), WithMissing(Column(7.0, 2), 0)).Passed);
        Assert.True(Compare(WithMissing(Column(5f, 2), 0), Column(float.NaN, 2)).Passed);
        Assert.Contains("row 0: expected missing, found 5", Compare(WithMissing(Column(5f, 2), 0), Column(5f, 2)).Reason);
        Assert.True(Compare(WithMissing(Column(5L, 2), 0), WithMissing(Column(7L, 2), 0)).Passed);
        Assert.Contains("row 1: expected 2, found missing", Compare(Column(0L, 2), WithMissing(Column(0L, 2), 1)).Reason);
        Assert.Contains("expected missing, found ''", Compare(Tensor.OfText("y", [null]), Tensor.OfText("y", "")).Reason);
    }

    [Fact]
    public void Integers_must_be_equal_whatever_the_tolerance()
    {
        var generous = new Tolerance(1, 1e9);
        Assert.Equal(
            new ParityReport(false, 3, 1, 0.5, 1, "recorded/a.json: output 'y' row 1: expected 2, found 3"),
            Compare(Column(1, 2, 3), Column(1, 3, 3), generous));
        Assert.Contains("expected 18446744073709551615, found 0", Compare(Column(ulong.MaxValue), Column(0UL), generous).Reason);
        Assert.Equal(18446744073709551615.0, Compare(Column(long.MinValue), Column(long.MaxValue), generous).MaxAbsolute);
        Assert.Contains("expected 9007199254740993, found 9007199254740992", Compare(Column(9007199254740993L), Column(9007199254740992L), generous).Reason);
        Assert.Contains("expected true, found false", Compare(Column(true), Column(false), generous).Reason);
    }

    [Fact]
    public void Text_must_be_equal_and_long_text_is_shortened_in_the_reason()
    {
        Assert.Contains("row 1: expected 'virginica', found 'setosa'", Compare(Tensor.OfText("y", "setosa", "virginica"), Tensor.OfText("y", "setosa", "setosa")).Reason);
        Assert.True(Compare(Tensor.OfText("y", new string('a', 9000)), Tensor.OfText("y", new string('b', 9000))).Reason!.Length < 300);
    }

    [Fact]
    public void Type_shape_and_absence_are_named()
    {
        Assert.Equal("recorded/a.json: output 'y' has type FP32, expected FP64", Compare(Column(1.0), Column(1f)).Reason);
        Assert.Equal("recorded/a.json: output 'y' has shape [1,2], expected [2]", Compare(Column(1f, 2), Tensor.Of("y", [1f, 2f], 1, 2)).Reason);
        Assert.Equal("recorded/a.json: output 'y' is absent; there are: z", Compare(Column(1f), Tensor.Of("z", [1f])).Reason);
    }

    [Fact]
    public void Outputs_that_are_not_expected_are_not_compared()
    {
        using var expected = new Batch(Column(1f));
        using var found = new Batch(Tensor.Of("shap", [9f, 9f]), Column(1f));
        var comparer = new ParityComparer();
        comparer.Add(expected, found);
        Assert.True(comparer.Report.Passed);
    }

    [Fact]
    public void Reason_has_the_first_failing_element_by_row_and_index_and_how_many_there_are()
    {
        var expected = Tensor.Of("y", new float[24].AsSpan(), 2, 3, 4);
        var found = Tensor.Of("y", new float[24].AsSpan(), 2, 3, 4);
        found.Values<float>()[12 + 4 + 3] = 2;
        found.Values<float>()[23] = 3;
        var report = Compare(expected, found);
        Assert.StartsWith("recorded/a.json: output 'y' row 1 [1][3]: expected 0, found 2 (2 absolute", report.Reason);
        Assert.EndsWith("; 2 of 24 elements differ too much", report.Reason);
        Assert.Contains("output 'y' (a scalar): expected 1, found 2", Compare(Scalar(1f), Scalar(2f)).Reason);
    }

    [Fact]
    public void Batches_accumulate()
    {
        var comparer = new ParityComparer();
        for (var i = 1; i <= 3; i++)
        {
            using var expected = new Batch(Tensor.Of("y", [1.0, 10.0]));
            using var found = new Batch(Tensor.Of("y", [1.0, 10.0 + (i * 1e-6)]));
            comparer.Add(expected, found);
        }
        var report = comparer.Report;
        Assert.Equal((true, 6), (report.Passed, report.Rows));
        Assert.Equal(3e-6, report.MaxAbsolute, 1e-12);
        Assert.Equal(3e-7, report.MaxRelative, 1e-12);
        comparer.Fail("the model refuses the rows", "b.json");
        comparer.Fail("again");
        Assert.Equal((false, "b.json: the model refuses the rows"), (comparer.Report.Passed, comparer.Report.Reason));
    }

    [Fact]
    public void Worst_values_agree_with_counting_neighbours_one_by_one()
    {
        var random = new Random(11);
        for (var round = 0; round < 500; round++)
        {
            var values = new float[random.Next(1, 20)];
            var moved = new float[values.Length];
            var (worst, absolute) = (0, 0m);
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = (random.NextSingle() - 0.5f) * MathF.Pow(10, random.Next(-3, 4));
                moved[i] = values[i];
                var steps = random.Next(0, 40);
                for (var s = 0; s < steps; s++) moved[i] = float.BitIncrement(moved[i]);
                worst = Math.Max(worst, steps);
                absolute = Math.Max(absolute, Math.Abs(new decimal((double)moved[i]) - new decimal((double)values[i])));
            }
            var report = Compare(Tensor.Of("y", values.AsSpan()), Tensor.Of("y", moved.AsSpan()), new Tolerance(1, 1));
            Assert.Equal(worst, report.MaxUlp);
            Assert.Equal((double)absolute, report.MaxAbsolute, 1e-10);
        }
    }

    [Fact]
    public void Comparing_allocates_nothing_for_rows_that_pass()
    {
        var comparer = new ParityComparer();
        using var expected = new Batch(Tensor.Of("f", new float[10_000].AsSpan()), Tensor.Of("i", new long[10_000].AsSpan()));
        using var found = new Batch(Tensor.Of("f", Enumerable.Repeat(1e-7f, 10_000).ToArray().AsSpan()), Tensor.Of("i", new long[10_000].AsSpan()));
        Assert.Equal(0, Allocations.Of(() => comparer.Add(expected, found)));
        Assert.True(comparer.Report.Passed);
    }

    [Theory]
    [InlineData(-1e-9, 0)]
    [InlineData(0, double.NaN)]
    [InlineData(double.PositiveInfinity, 0)]
    public void Tolerance_refuses_bounds_that_are_none(double relative, double absolute) =>
        Assert.Throws<ArgumentException>(() => new Tolerance(relative, absolute));
}
