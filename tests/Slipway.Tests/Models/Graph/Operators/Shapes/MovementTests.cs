using Slipway.Core;
using Slipway.Models.Graph;
using static Slipway.Tests.Models.Operators.NodeRun;

namespace Slipway.Tests.Models.Operators.Shapes;

/// <summary>Operators that move elements, against their definitions element by element, for every width of elements.</summary>
public class MovementTests
{
    private static readonly DataType[] Widths = [DataType.UInt8, DataType.Float16, DataType.Float32, DataType.Int64, DataType.Complex128, DataType.String];

    private static long[] RandomShape(Random random, int rank, int most = 5) => [.. Enumerable.Range(0, rank).Select(_ => (long)random.Next(1, most + 1))];

    [Fact]
    public void Transpose_moves_every_element_for_random_permutations()
    {
        var random = new Random(1);
        for (var round = 0; round < 120; round++)
        {
            var rank = random.Next(0, 6);
            var permutation = Enumerable.Range(0, rank).ToArray();
            random.Shuffle(permutation);
            var source = Sequence(Widths[round % Widths.Length], RandomShape(random, rank));
            var target = One("Transpose", 13, [source], ("perm", permutation));
            AssertMoved(source, target, p =>
            {
                var from = new long[rank];
                for (var i = 0; i < rank; i++) from[permutation[i]] = p[i];
                return from;
            });
        }
    }

    [Theory]
    [InlineData(8, 8)]
    [InlineData(17, 33)]
    [InlineData(64, 40)]
    [InlineData(1, 100)]
    public void Transpose_without_a_permutation_reverses_matrices_of_whole_and_broken_tiles(int rows, int columns)
    {
        foreach (var element in Widths)
        {
            var source = Sequence(element, 2, rows, columns);
            AssertMoved(source, One("Transpose", 1, [source]), p => [p[2], p[1], p[0]]);
            AssertMoved(source, One("Transpose", 21, [source], ("perm", new long[] { 0, 2, 1 })), p => [p[0], p[2], p[1]]);
        }
    }

    [Fact]
    public void Slice_takes_what_the_text_says_for_random_ranges_and_steps()
    {
        var random = new Random(2);
        long[] edges = [long.MinValue, int.MinValue, -7, -3, -1, 0, 1, 2, 4, 9, int.MaxValue, long.MaxValue];
        long[] steps = [-3, -1, 1, 2, 5, long.MinValue, long.MaxValue];
        for (var round = 0; round < 300; round++)
        {
            var size = random.Next(0, 6);
            var (start, end, step) = (edges[random.Next(edges.Length)], edges[random.Next(edges.Length)], steps[random.Next(steps.Length)]);
            var source = Sequence(Widths[round % Widths.Length], 2, size, 3);
            var target = One("Slice", 13, [source, Ints(start), Ints(end), Ints(-2), Ints(step)]);
            var taken = PythonRange(start, end, step, size);
            Assert.Equal([2, taken.Count, 3], target.Shape.ToArray());
            AssertMoved(source, target, p => [p[0], taken[(int)p[1]], p[2]]);
        }
    }

    /// <summary>The definition of Python's slice.indices, in big integers; but INT_MAX as the end is None, and no start is before the first element, also backwards.</summary>
    private static List<long> PythonRange(Int128 start, Int128 end, Int128 step, Int128 size)
    {
        var (low, high) = step > 0 ? ((Int128)0, size) : (-1, size - 1);
        start = Int128.Min(Int128.Max(start < 0 ? start + size : start, 0), high);
        var isOpen = end == int.MaxValue || end == long.MaxValue;
        end = step < 0 && isOpen ? low : Int128.Clamp(end < 0 ? end + size : end, low, high);
        var taken = new List<long>();
        for (var i = start; step > 0 ? i < end : i > end; i += step) taken.Add((long)i);
        return taken;
    }

    [Fact]
    public void Slice_of_version_1_takes_attributes()
    {
        var source = Sequence(DataType.Float32, 4, 5);
        var target = One("Slice", 1, [source], ("starts", new long[] { 1, -3 }), ("ends", new long[] { 1000, -1 }), ("axes", new long[] { 0, 1 }));
        Assert.Equal([3, 2], target.Shape.ToArray());
        AssertMoved(source, target, p => [p[0] + 1, p[1] + 2]);
    }

    [Fact]
    public void Slice_with_a_step_of_zero_is_refused() =>
        Assert.ThrowsAny<SlipwayException>(() => One("Slice", 13, [Sequence(DataType.Float32, 4), Ints(0), Ints(4), Ints(0), Ints(0)]));

    [Theory]
    [InlineData("constant")]
    [InlineData("edge")]
    [InlineData("reflect")]
    [InlineData("wrap")]
    public void Pad_follows_its_definition_for_random_pads_and_cuts(string mode)
    {
        var random = new Random(3);
        for (var round = 0; round < 150; round++)
        {
            var rank = random.Next(1, 4);
            var shape = RandomShape(random, rank);
            var pads = new long[2 * rank];
            for (var d = 0; d < rank; d++)
            {
                pads[d] = random.Next(-(int)shape[d] / 2, 8);
                pads[rank + d] = random.Next(-((int)shape[d] - 1) / 2, 8);
            }
            var source = Sequence(Widths[round % Widths.Length], shape);
            var target = One("Pad", 21, [source, Ints(pads)], ("mode", mode));
            AssertMoved(source, target, p =>
            {
                var from = new long[rank];
                for (var d = 0; d < rank; d++)
                {
                    var cut = Math.Max(0, -pads[d]);
                    var kept = shape[d] - cut - Math.Max(0, -pads[rank + d]);
                    var i = p[d] - Math.Max(0, pads[d]);
                    if (i < 0 || i >= kept)
                    {
                        if (mode == "constant") return null;
                        i = mode switch { "edge" => Math.Clamp(i, 0, kept - 1), "wrap" => (i % kept + kept) % kept, _ => Mirrored(i, kept) };
                    }
                    from[d] = i + cut;
                }
                return from;
            });
        }

        static long Mirrored(long i, long size)
        {
            while (size > 1 && (i < 0 || i >= size)) i = i < 0 ? -i : 2 * (size - 1) - i;
            return size == 1 ? 0 : i;
        }
    }

    [Fact]
    public void Pad_of_old_versions_takes_attributes()
    {
        Assert.Equal([9f, 1, 2], One("Pad", 1, [Floats([1, 2])], ("paddings", new long[] { 1, 0 }), ("value", 9f)).Values<float>().ToArray());
        Assert.Equal([1f, 2, 9, 9], One("Pad", 2, [Floats([1, 2])], ("pads", new long[] { 0, 2 }), ("value", 9f)).Values<float>().ToArray());
        Assert.Equal([2f, 1, 2, 1], One("Pad", 2, [Floats([1, 2])], ("pads", new long[] { 1, 1 }), ("mode", "reflect")).Values<float>().ToArray());
    }

    [Fact]
    public void Pad_takes_pads_of_some_axes_only()
    {
        var source = Sequence(DataType.Int64, 2, 3);
        var target = One("Pad", 18, [source, Ints(1, 2), null, Ints(-1)]);
        Assert.Equal([2, 6], target.Shape.ToArray());
        AssertMoved(source, target, p => p[1] is >= 1 and < 4 ? [p[0], p[1] - 1] : null);
    }

    [Fact]
    public void Tile_and_Expand_repeat_for_random_shapes()
    {
        var random = new Random(4);
        for (var round = 0; round < 80; round++)
        {
            var rank = random.Next(1, 5);
            var shape = RandomShape(random, rank, 4);
            var source = Sequence(Widths[round % Widths.Length], shape);
            var repeats = Enumerable.Range(0, rank).Select(_ => (long)random.Next(0, 4)).ToArray();
            var tiled = One("Tile", 13, [source, Ints(repeats)]);
            Assert.Equal(shape.Zip(repeats, (a, b) => a * b), tiled.Shape.ToArray());
            AssertMoved(source, tiled, p => [.. p.Zip(shape, (a, b) => a % b)]);

            var wide = shape.Select(d => d == 1 ? random.Next(0, 4) : random.Next(2) == 0 ? 1 : d).Prepend(2).ToArray();
            var expanded = One("Expand", 13, [source, Ints(wide)]);
            AssertMoved(source, expanded, p => [.. p.Skip(1).Zip(shape, (a, b) => b == 1 ? 0 : a)]);
        }
    }

    [Fact]
    public void Tile_of_version_1_repeats_along_one_axis()
    {
        var source = Sequence(DataType.Float32, 2, 3);
        var target = One("Tile", 1, [source, Ints(2), Ints(1)]);
        Assert.Equal([2, 6], target.Shape.ToArray());
        AssertMoved(source, target, p => [p[0], p[1] % 3]);
    }

    /// <summary>The first versions of Tile and Split ask for counts and axes of the type of the data.</summary>
    [Fact]
    public void Counts_may_be_whole_floats_where_version_1_asks_for_them()
    {
        var source = Sequence(DataType.Float32, 2, 3);
        TensorValue Floats(params float[] values) => TensorValue.Of<float>(DataType.Float32, values, values.Length);

        AssertEqual(One("Tile", 1, [source, Ints(2), Ints(1)]), One("Tile", 1, [source, Floats(2), Floats(1)]));
        Assert.Equal([1, 2], Run("Split", 1, [source, Floats(1, 2)], 2, ("axis", 1)).Select(p => ((TensorValue)p)[1]));
        Assert.ThrowsAny<SlipwayException>(() => Run("Split", 1, [source, Floats(1.5f, 1.5f)], 2, ("axis", 1)));
        Assert.ThrowsAny<SlipwayException>(() => Run("Split", 13, [source, Floats(1, 2)], 2, ("axis", 1)));
        Assert.ThrowsAny<SlipwayException>(() => One("Tile", 6, [source, Floats(1, 2)]));
    }

    [Theory]
    [InlineData("DCR")]
    [InlineData("CRD")]
    public void DepthToSpace_follows_its_definition_and_SpaceToDepth_undoes_DCR(string mode)
    {
        foreach (var element in Widths)
        {
            var source = Sequence(element, 2, 12, 2, 3);
            var target = One("DepthToSpace", 13, [source], ("blocksize", 2), ("mode", mode));
            Assert.Equal([2, 3, 4, 6], target.Shape.ToArray());
            AssertMoved(source, target, p =>
            {
                var block = p[2] % 2 * 2 + p[3] % 2;
                return [p[0], mode == "DCR" ? block * 3 + p[1] : p[1] * 4 + block, p[2] / 2, p[3] / 2];
            });
            if (mode == "DCR") AssertEqual(source, One("SpaceToDepth", 13, [target], ("blocksize", 2)));
        }
    }

    [Fact]
    public void Concat_and_Split_undo_each_other_in_every_version()
    {
        foreach (var element in Widths)
        {
            var source = Sequence(element, 2, 7, 3);
            var parts = Run("Split", 18, [source], 3, ("axis", 1), ("num_outputs", 3));
            Assert.Equal([3, 3, 1], parts.Select(p => ((TensorValue)p)[1]));
            AssertEqual(source, One("Concat", 13, parts, ("axis", -2)));
            foreach (var (old, given) in new[] { (1, true), (1, false), (2, false), (13, true) })
            {
                (string, object)[] attributes = given ? [("axis", 1)] : [("axis", 1), ("split", new long[] { 2, 0, 5 })];
                var cut = Run("Split", old, given ? [source, Ints(2, 0, 5)] : [source], 3, attributes);
                Assert.Equal([2, 0, 5], cut.Select(p => ((TensorValue)p)[1]));
                AssertEqual(source, One("Concat", 1, cut));
            }
        }
    }

    [Fact]
    public void Split_refuses_sizes_that_do_not_fit()
    {
        Assert.ThrowsAny<SlipwayException>(() => Run("Split", 13, [Ints(1, 2, 3), Ints(2, 2)], 2));
        Assert.ThrowsAny<SlipwayException>(() => Run("Split", 13, [Ints(1, 2, 3), Ints(-1, 4)], 2));
        Assert.ThrowsAny<SlipwayException>(() => Run("Split", 13, [Ints(1, 2, 3)], 2));
        Assert.ThrowsAny<SlipwayException>(() => Run("Split", 2, [Ints(1, 2, 3)], 2));
    }

    [Fact]
    public void CenterCropPad_and_Crop_cut_around_the_middle_and_at_borders()
    {
        var source = Sequence(DataType.Float32, 5, 2);
        var target = One("CenterCropPad", 18, [source, Ints(2, 5)]);
        // As numpy's reference of ONNX: (5 - 2) / 2 is cut before, (5 - 2) / 2 put before.
        AssertMoved(source, target, p => p[1] is 1 or 2 ? [p[0] + 1, p[1] - 1] : null);

        var image = Sequence(DataType.Float32, 1, 2, 4, 5);
        AssertMoved(image, One("Crop", 1, [image], ("border", new long[] { 1, 2, 1, 1 })), p => [p[0], p[1], p[2] + 2, p[3] + 1]);
        var scaled = One("Crop", 1, [image], ("border", new long[] { 1, 2, 0, 0 }), ("scale", new long[] { 2, 3 }));
        Assert.Equal([1, 2, 2, 3], scaled.Shape.ToArray());
    }
}
