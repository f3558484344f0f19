using Slipway.Core;
using Slipway.Models.Graph;
using static Slipway.Tests.Models.Operators.NodeRun;

namespace Slipway.Tests.Models.Operators.Sequences;

public class SequencesTests
{
    private static SequenceValue Items(params TensorValue[] items) => new(new TensorType(DataType.Int64), items);

    [Fact]
    public void Sequences_are_read_extended_and_cut_from_both_ends()
    {
        var sequence = Items(Ints(1), Ints(2, 3), Ints());
        AssertEqual(Ints(2, 3), One("SequenceAt", 11, [sequence, Scalar(-2)]));
        AssertEqual(Scalar(3), One("SequenceLength", 11, [sequence]));
        AssertEqual(Items(Ints(1), Ints(2, 3)), Run("SequenceErase", 11, [sequence])[0]);
        AssertEqual(Items(Ints(2, 3), Ints()), Run("SequenceErase", 11, [sequence, Scalar(-3)])[0]);
        AssertEqual(Items(Ints(1), Ints(2, 3), Ints(), Ints(9)), Run("SequenceInsert", 11, [sequence, Ints(9)])[0]);
        AssertEqual(Items(Ints(1), Ints(2, 3), Ints(9), Ints()), Run("SequenceInsert", 11, [sequence, Ints(9), Scalar(-1)])[0]);
        AssertEqual(Items(Ints(1), Ints(2, 3), Ints(), Ints(9)), Run("SequenceInsert", 11, [sequence, Ints(9), Scalar(3)])[0]);
        AssertEqual(Items(Ints(1), Ints(2)), Run("SequenceConstruct", 11, [Ints(1), Ints(2)])[0]);
        Assert.ThrowsAny<SlipwayException>(() => Run("SequenceAt", 11, [sequence, Scalar(3)]));
        Assert.ThrowsAny<SlipwayException>(() => Run("SequenceInsert", 11, [sequence, Ints(9), Scalar(4)]));
        Assert.ThrowsAny<SlipwayException>(() => Run("SequenceInsert", 11, [sequence, Floats([1])]));
        Assert.ThrowsAny<SlipwayException>(() => Run("SequenceErase", 11, [Items()]));
    }

    [Fact]
    public void Tensors_are_split_into_sequences_and_joined_again()
    {
        foreach (var element in (DataType[])[DataType.Float32, DataType.BFloat16, DataType.String])
        {
            var source = Sequence(element, 2, 5);
            var byThree = (SequenceValue)Run("SplitToSequence", 24, [source, Scalar(3)], 1, ("axis", -1))[0];
            Assert.Equal([3L, 2], byThree.Items.Select(i => i.AsTensor[1]));
            AssertEqual(source, One("ConcatFromSequence", 11, [byThree], ("axis", 1)));
            var given = (SequenceValue)Run("SplitToSequence", 11, [source, Ints(0, 4, 1)], 1, ("axis", 1), ("keepdims", 0))[0];
            Assert.Equal([0L, 4, 1], given.Items.Select(i => i.AsTensor[1]));
            var single = (SequenceValue)Run("SplitToSequence", 11, [source], 1, ("axis", 1), ("keepdims", 0))[0];
            Assert.All(single.Items, i => Assert.Equal(1, i.AsTensor.Rank));
            AssertEqual(source, One("ConcatFromSequence", 11, [single], ("axis", -1), ("new_axis", 1)));
        }
        Assert.ThrowsAny<SlipwayException>(() => Run("SplitToSequence", 11, [Ints(1, 2), Scalar(0)]));
        Assert.ThrowsAny<SlipwayException>(() => Run("SplitToSequence", 11, [Ints(1, 2), Ints(1, 2)]));
        Assert.ThrowsAny<SlipwayException>(() => Run("SplitToSequence", 11, [Ints(1, 2), Ints(3, -1)]));
        Assert.ThrowsAny<SlipwayException>(() => Run("ConcatFromSequence", 11, [Items(Ints(1), TensorValue.Of([1L], 1, 1))], 1, ("axis", 0)));
        Assert.ThrowsAny<SlipwayException>(() => Run("ConcatFromSequence", 11, [Items()], 1, ("axis", 0)));
    }

    [Fact]
    public void SequenceMap_runs_its_body_on_items_side_by_side()
    {
        var body = Body([new("a", null), new("b", null), new("c", null)], ["s", "n"], Node("Add", ["a", "b"], ["ab"]), Node("Mul", ["ab", "c"], ["s"]), Node("Shape", ["s"], ["n"]));
        var results = Run("SequenceMap", 17, [Items(Ints(1), Ints(2, 3)), Items(Ints(10), Ints(20)), Ints(2)], 2, ("body", body));
        AssertEqual(Items(Ints(22), Ints(44, 46)), results[0]);
        AssertEqual(Items(Ints(1), Ints(2)), results[1]);
        Assert.ThrowsAny<SlipwayException>(() => Run("SequenceMap", 17, [Items(Ints(1)), Items(), Ints(2)], 2, ("body", body)));
    }

    [Fact]
    public void Optionals_hold_values_or_nothing()
    {
        var type = new TensorType(DataType.Float32, Shape.Of(2));
        var full = Run("Optional", 15, [Floats([1, 2])])[0];
        var empty = Run("Optional", 15, [], 1, ("type", type))[0];
        AssertEqual(Floats([1, 2]), One("OptionalGetElement", 15, [full]));
        AssertEqual(Items(Ints(1)), Run("OptionalGetElement", 18, [Items(Ints(1))])[0]);
        AssertEqual(Floats([3]), One("OptionalGetElement", 18, [Floats([3])]));
        Assert.Equal([1, 0, 1, 0], ((Value?[])[full, empty, Floats([1]), null]).Select(v => One("OptionalHasElement", 18, v is null ? [] : [v]).Values<byte>()[0]));
        Assert.ThrowsAny<SlipwayException>(() => Run("OptionalGetElement", 18, [empty]));
        Assert.ThrowsAny<SlipwayException>(() => Run("Optional", 15, []));
    }
}
