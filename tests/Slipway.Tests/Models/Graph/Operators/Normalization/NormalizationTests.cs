using Slipway.Core;
using Slipway.Models.Graph;

namespace Slipway.Tests.Models.Operators.Normalization;

/// <summary>Expected values are NumPy's in float64, by the formulas of the standard.</summary>
public class NormalizationTests
{
    private static readonly TensorValue[] Batch =
    [
        TensorValue.Of<float>(DataType.Float32, [1, 2, 3, 5, 3, 6, 7, 9], 2, 2, 2), OneNode.Vector([1, 2]), OneNode.Vector([0.5f, -1]), OneNode.Vector([1, 2]), OneNode.Vector([3, 4]),
    ];

    [Fact]
    public void BatchNormalization_in_training_uses_and_gives_the_moments_of_the_batch()
    {
        var y = OneNode.RunAll("BatchNormalization", 15, 3, Batch, ("training_mode", 1));

        Near([-0.56904344, -0.03452172, -3.68327889, -1.8944263, 0.5, 2.10356516, -0.1055737, 1.68327889], y[0]);
        Near([1.2, 2.4], y[1]);
        Near([3.05, 4.1], y[2]);
    }

    /// <summary>Before operator set 14 wanting more than one output asks for training.</summary>
    [Fact]
    public void BatchNormalization_of_old_versions_trains_when_its_moments_are_wanted()
    {
        var y = OneNode.RunAll("BatchNormalization", 7, 5, Batch);

        Near([1.2, 2.4], y[1]);
        Near([3, 6], y[3]);
        Near([3.5, 5], y[4]);
    }

    [Fact]
    public void BatchNormalization_without_spatial_has_parameters_for_each_activation()
    {
        TensorValue?[] inputs = [TensorValue.Of<float>(DataType.Float32, [1, 2, 3, 4], 1, 2, 2), Four(2), Four(1), Four(1), Four(3)];

        Near([1 + 0, 1 + 2 / Math.Sqrt(3), 1 + 4 / Math.Sqrt(3), 1 + 6 / Math.Sqrt(3)], OneNode.Run("BatchNormalization", 7, inputs, ("spatial", 0), ("epsilon", 0f)));
    }

    [Fact]
    public void BatchNormalization_of_float16_is_rounded_once()
    {
        TensorValue?[] inputs = [.. Batch.Select(t => (TensorValue?)TensorValue.Of<Half>(DataType.Float16, [.. t.Floats().Select(v => (Half)v)], t.Shape))];

        var y = OneNode.Run("BatchNormalization", 15, inputs).Values<Half>();

        var exact = OneNode.Run("BatchNormalization", 15, Batch).Floats();
        for (var i = 0; i < exact.Length; i++) Assert.Equal((Half)exact[i], y[i]);
    }

    [Fact]
    public void GroupNormalization_18_scales_groups_and_21_scales_channels()
    {
        var x = TensorValue.Of<float>(DataType.Float32, [0, 1, 2, 3, 4, 5, 6, 7], 1, 4, 2);

        Near([-1.34163542, -0.44721181, 0.44721181, 1.34163542, -1.68327084, 0.10557639, 1.89442361, 3.68327084],
            OneNode.Run("GroupNormalization", 18, [x, OneNode.Vector([1, 2]), OneNode.Vector([0, 1])], ("num_groups", 2)));
        Near([-1.34163542, -0.44721181, 1.89442361, 3.68327084, -2.02490626, 0.65836458, 4.78884723, 8.36654168],
            OneNode.Run("GroupNormalization", 21, [x, OneNode.Vector([1, 2, 3, 4]), OneNode.Vector([0, 1, 2, 3])], ("num_groups", 2)));
    }

    [Fact]
    public void Groups_that_do_not_divide_the_channels_are_refused() =>
        Assert.Throws<ModelException>(() => OneNode.Run("GroupNormalization", 21, [new TensorValue(DataType.Float32, 1, 4, 2), Four(1), Four(1)], ("num_groups", 3)));

    [Fact]
    public void LayerNormalization_takes_scales_that_broadcast_from_other_axes()
    {
        var x = OneNode.Random(3, 2, 3, 4);
        var scale = OneNode.Random(4, 3, 1);
        var plain = OneNode.Run("LayerNormalization", 17, [x, OneNode.Vector([1])]).Floats();

        var y = OneNode.Run("LayerNormalization", 17, [x, scale]).Floats();

        for (var i = 0; i < y.Length; i++) Assert.Equal(plain[i] * scale.Values<float>()[i / 4 % 3], y[i], 1e-6);
    }

    [Fact]
    public void LayerNormalization_gives_its_moments_for_each_row()
    {
        var y = OneNode.RunAll("LayerNormalization", 17, 3, [TensorValue.Of<float>(DataType.Float32, [1, 3, 2, 6], 2, 2), OneNode.Vector([1, 1])], ("epsilon", 0f));

        Near([-1, 1, -1, 1], y[0]);
        Assert.Equal([2, 1], y[1].Shape.ToArray());
        Near([2, 4], y[1]);
        Near([1, 0.5], y[2]);
    }

    [Fact]
    public void RMSNormalization_does_not_take_the_mean_off() =>
        Near([3 / Math.Sqrt(12.5), 8 / Math.Sqrt(12.5)], OneNode.Run("RMSNormalization", 23, [OneNode.Vector([3, 4]), OneNode.Vector([1, 2])], ("epsilon", 0f)));

    /// <summary>An even window has one channel more behind than before.</summary>
    [Fact]
    public void LRN_of_an_even_size_reaches_further_behind() =>
        Near([0.37108769, 0.53861583, 0.58967839, 0.82171181, 1.14651926],
            OneNode.Run("LRN", 13, [TensorValue.Of<float>(DataType.Float32, [1, 2, 3, 4, 5], 1, 5, 1)], ("size", 4), ("alpha", 0.5f), ("beta", 0.75f), ("bias", 2f)));

    [Fact]
    public void LpNormalization_leaves_zeros() => Near([0, 0, 0.6, 0.8], OneNode.Run("LpNormalization", 22, [TensorValue.Of<float>(DataType.Float32, [0, 0, 3, 4], 2, 2)]));

    [Fact]
    public void Parameters_of_another_number_of_channels_are_refused() =>
        Assert.Throws<RecordException>(() => OneNode.Run("InstanceNormalization", 6, [new TensorValue(DataType.Float32, 1, 4, 2), OneNode.Vector([1, 2]), Four(1)]));

    private static TensorValue Four(float value) => OneNode.Vector([value, value, value, value]);

    private static void Near(double[] expected, TensorValue actual)
    {
        Assert.Equal(expected.Length, actual.Count);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual.Values<float>()[i], 2e-6);
    }
}
