using Slipway.Models.Graph;
using Slipway.Models.Kernels;
using static Slipway.Tests.Models.Operators.NodeRun;

namespace Slipway.Tests.Models.Operators.Recurrent;

public class LstmCellsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(16)]
    [InlineData(37)]
    [InlineData(64)]
    public void Plain_cells_have_the_bits_of_one_operation_after_another(int hidden)
    {
        // A bound that no gate reaches takes the way by single gates.
        var random = new Random(hidden);
        foreach (var element in new[] { DataType.Float32, DataType.Float64 })
        {
            var (x, w, r, b) = (Numbers(random, element, 5, 3, 4), Numbers(random, element, 1, 4 * hidden, 4), Numbers(random, element, 1, 4 * hidden, hidden), Numbers(random, element, 1, 8 * hidden));
            var lengths = TensorValue.Of(DataType.Int32, (ReadOnlySpan<int>)[5, 0, 3], 3);
            var (h, c) = (Numbers(random, element, 1, 3, hidden), Numbers(random, element, 1, 3, hidden));
            var plain = Run("LSTM", 14, [x, w, r, b, lengths, h, c], 3);
            var byGates = Run("LSTM", 14, [x, w, r, b, lengths, h, c], 3, ("clip", 1e30f));
            for (var i = 0; i < 3; i++) AssertEqual(byGates[i], plain[i]);
        }
    }

    [Fact]
    public void A_step_has_the_same_bits_in_vectors_of_every_width()
    {
        AssertSame<SimdVector256<float>, SimdVector512<float>>(37);
        AssertSame<SimdVector128<float>, SimdVector256<float>>(37);
        AssertSame<SimdVector128<float>, SimdVector256<float>>(3);
    }

    [Fact]
    public void Spans_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => LstmCells.Step<float>(new float[7], new float[8], new float[2], new float[2]));
        Assert.Throws<ArgumentException>(() => LstmCells.Step<float>(new float[8], new float[9], new float[2], new float[2]));
        Assert.Throws<ArgumentException>(() => LstmCells.Step<double>(new double[8], new double[8], new double[2], new double[1]));
    }

    private static void AssertSame<TOne, TOther>(int units)
        where TOne : unmanaged, ISimdVector<TOne, float>
        where TOther : unmanaged, ISimdVector<TOther, float>
    {
        var (memory, state) = Step<TOne>(units);
        var (otherMemory, otherState) = Step<TOther>(units);
        Assert.Equal(memory, otherMemory);
        Assert.Equal(state, otherState);
        Assert.DoesNotContain(0, state);
    }

    private static (float[] Memory, float[] State) Step<V>(int units)
        where V : unmanaged, ISimdVector<V, float>
    {
        var random = new Random(5);
        var (gates, contribution, memory, state) = (Values(random, 4 * units), Values(random, 4 * units), Values(random, units), new float[units]);
        LstmCells.Step<float, Functions.Sigmoid, Functions.Tanh, V>(gates, contribution, memory, state);
        return (memory, state);
    }

    private static float[] Values(Random random, int count)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++) values[i] = (random.NextSingle() * 6) - 3;
        return values;
    }

    private static TensorValue Numbers(Random random, DataType element, params long[] shape) => One("Cast", 13, [Floats(Values(random, (int)shape.Aggregate(1L, (a, b) => a * b)), shape)], ("to", (long)element));
}
