using Slipway.Models;
using Slipway.Models.Graph;

namespace Slipway.Tests.Models.Engine;

/// <summary>What is joined along a leading axis is computed where it is joined, what is cut apart stays where it is, and the answers are those of copies.</summary>
public class PartsInPlaceTests
{
    private static TensorValue Numbers(int from, params long[] shape)
    {
        var tensor = new TensorValue(DataType.Float32, shape);
        for (var i = 0; i < tensor.Count; i++) tensor.Values<float>()[i] = (((from + i) * 37 % 101) - 50) / 10f;
        return tensor;
    }

    private static GraphSource X(params long[] shape) => new GraphSource().Input("x", DataType.Float32, shape);

    /// <summary>Runs twice and compares with a plan that gives every value memory of its own.</summary>
    /// <returns>For each Concat, Split and Slice in order: how many of its parts lie in place.</returns>
    private static string InPlace(GraphSource source, params Value[] inputs)
    {
        var model = GraphModel.Compile(source.Model(), new GraphOptions(Optimise: false));
        var copied = model.Trace(inputs).ToDictionary(v => v.Key, v => (TensorValue)v.Value.Copy());
        model.Run(inputs).Dispose();
        using var run = model.Run(inputs);
        for (var o = 0; o < model.Outputs.Length; o++)
        {
            var output = run.Output(o).AsTensor;
            Assert.Equal(copied[model.Outputs[o].Name].Shape, output.Shape);
            Assert.Equal(copied[model.Outputs[o].Name].Values<float>(), output.Values<float>());
        }
        var counts = new List<int>();
        foreach (var step in run.Plan.Steps)
        {
            var context = step.Context;
            if (step.Node.Operator is Concat) counts.Add(Enumerable.Range(0, context.InputCount).Count(i => context.Input(i).IsPartOf(context.Output(0), step.Node.Operator.PlaceOfInput(context, i))));
            else if (step.Node.Operator is Split or Slice) counts.Add(Enumerable.Range(0, context.OutputCount).Count(o => context.Output(o).IsPartOf(context.Input(0), step.Node.Operator.PlaceOfOutput(context, o))));
        }
        return string.Join(' ', counts);
    }

    [Theory]
    [InlineData(0, 4, "2")]
    [InlineData(1, 4, "0")]
    // Where a part would begin within a cache line it is copied.
    [InlineData(0, 3, "1")]
    public void Tensors_that_are_joined_along_a_leading_axis_are_computed_there(int axis, int columns, string expected) =>
        Assert.Equal(expected, InPlace(X(4, columns).Node("a = Neg(x)").Node("b = Exp(x)").Node("y = Concat(a, b)", ("axis", axis)).Output("y"), Numbers(1, 4, columns)));

    [Fact]
    public void Channels_of_one_image_are_joined_in_place_and_those_of_several_copied()
    {
        static GraphSource Channels(long rows) => X(rows, 4, 4, 4).Node("a = Neg(x)").Node("b = Exp(x)").Node("y = Concat(a, x, b)", ("axis", 1)).Output("y");
        Assert.Equal("2", InPlace(Channels(1), Numbers(1, 1, 4, 4, 4)));
        Assert.Equal("0", InPlace(Channels(2), Numbers(1, 2, 4, 4, 4)));
    }

    [Fact]
    public void What_is_joined_again_and_again_grows_in_one_place() => Assert.Equal("2 2 2",
        InPlace(X(1, 16).Node("a = Neg(x)").Node("b = Exp(a)").Node("c = Concat(a, b)", ("axis", 1)).Node("s = ReduceSum(c)").Node("d = Add(x, s)").Node("e = Concat(c, d)", ("axis", 1)).Node("t = ReduceMax(e)").Node("f = Mul(x, t)")
            .Node("y = Concat(e, f)", ("axis", 1)).Output("y"), Numbers(1, 1, 16)));

    [Fact]
    public void What_is_joined_twice_is_copied_once()
    {
        Assert.Equal("1", InPlace(X(1, 16).Node("a = Neg(x)").Node("y = Concat(a, a)", ("axis", 1)).Output("y"), Numbers(1, 1, 16)));
        Assert.Equal("2 1", InPlace(X(1, 16).Node("a = Neg(x)").Node("b = Exp(x)").Node("y = Concat(a, b)", ("axis", 1)).Node("d = Abs(x)").Node("z = Concat(d, a)", ("axis", 1)).Output("y", "z"), Numbers(1, 1, 16)));
    }

    [Fact]
    public void Nothing_is_overwritten_that_a_whole_or_another_part_still_needs()
    {
        // The last readers of a part, of the whole and of a part that is an output: each could take its place.
        Assert.Equal("2", InPlace(X(1, 16).Node("a = Neg(x)").Node("b = Exp(x)").Node("c = Concat(a, b)", ("axis", 1)).Node("d = Abs(a)").Node("e = Neg(c)").Output("d", "e"), Numbers(1, 1, 16)));
        Assert.Equal("2", InPlace(X(1, 16).Node("a = Neg(x)").Node("b = Exp(x)").Node("c = Concat(a, b)", ("axis", 1)).Node("e = Neg(c)").Node("d = Abs(a)").Output("d", "e"), Numbers(1, 1, 16)));
        Assert.Equal("2", InPlace(X(1, 16).Node("a = Neg(x)").Node("b = Exp(x)").Node("c = Concat(a, b)", ("axis", 1)).Node("e = Neg(c)").Node("f = Abs(e)").Output("b", "f"), Numbers(1, 1, 16)));
        Assert.Equal("1", InPlace(X(1, 16).Node("a = Neg(x)").Node("c = Concat(a)", ("axis", 1)).Node("e = Exp(c)").Node("d = Abs(a)").Output("d", "e"), Numbers(1, 1, 16)));
    }

    [Fact]
    public void Parts_that_are_cut_off_stay_where_they_are()
    {
        Assert.Equal("2", InPlace(X(4, 16).Node("a = Neg(x)").Node("b, c = Split(a)", ("axis", 0), ("num_outputs", 2)).Node("d = Exp(b)").Node("e = Neg(c)").Output("d", "e", "a"), Numbers(1, 4, 16)));
        Assert.Equal("0", InPlace(X(4, 16).Node("a = Neg(x)").Node("b, c = Split(a)", ("axis", 1), ("num_outputs", 2)).Output("b", "c"), Numbers(1, 4, 16)));
        // Inputs are others in every run.
        Assert.Equal("0", InPlace(X(4, 16).Node("b, c = Split(x)", ("axis", 0), ("num_outputs", 2)).Output("b", "c"), Numbers(1, 4, 16)));
    }

    [Fact]
    public void Parts_that_are_cut_off_and_joined_in_another_order_are_copied_where_they_must() => Assert.Equal("2 0",
        InPlace(X(2, 16).Node("a = Neg(x)").Node("b, c = Split(a)", ("axis", 0), ("num_outputs", 2)).Node("y = Concat(c, b)", ("axis", 0)).Node("z = Exp(y)").Node("w = Abs(a)").Output("z", "w"), Numbers(1, 2, 16)));

    [Theory]
    [InlineData(1, 3, 1, 0, "1")]
    [InlineData(-1, 9, 1, 0, "1")]
    [InlineData(0, 4, 2, 0, "0")]
    [InlineData(3, 0, -1, 0, "0")]
    [InlineData(1, 3, 1, 1, "0")]
    public void Slices_of_leading_axes_stay_where_they_are(int start, int end, int step, int axis, string expected) => Assert.Equal(expected,
        InPlace(X(4, 16).Constant("s", TensorValue.Vector(start)).Constant("e", TensorValue.Vector(end)).Constant("a", TensorValue.Vector(axis)).Constant("p", TensorValue.Vector(step))
            .Node("n = Neg(x)").Node("c = Slice(n, s, e, a, p)").Node("y = Exp(c)").Output("y", "n"), Numbers(1, 4, 16)));

    [Fact]
    public void Slices_at_places_that_come_with_the_run_are_copied() => Assert.Equal("0",
        InPlace(X(4, 16).Input("s", DataType.Int64, 1).Constant("one", TensorValue.Vector(1)).Node("e = Add(s, one)").Node("n = Neg(x)").Node("y = Slice(n, s, e)").Output("y"), Numbers(1, 4, 16), TensorValue.Vector(2)));

    [Fact]
    public void Random_ways_of_cutting_and_joining_answer_as_copies()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var source = X(1, 16);
            List<(string Name, int Width)> values = [("x", 16)];
            for (var n = 0; n < 14; n++)
            {
                var (name, width) = values[random.Next(values.Count)];
                switch (random.Next(5))
                {
                    case 0 when width > 16 && width % 32 == 0:
                        source.Node($"v{n}, w{n} = Split({name})", ("axis", 1), ("num_outputs", 2));
                        values.AddRange([($"v{n}", width / 2), ($"w{n}", width / 2)]);
                        break;
                    case 1 or 2 when width < 256:
                        var (other, second) = values[random.Next(values.Count)];
                        source.Node($"v{n} = Concat({name}, {other})", ("axis", 1));
                        values.Add(($"v{n}", width + second));
                        break;
                    default:
                        source.Node($"v{n} = {(random.Next(2) == 0 ? "Neg" : "Abs")}({name})");
                        values.Add(($"v{n}", width));
                        break;
                }
            }
            source.Output([.. values.Skip(1).Where(_ => random.Next(3) == 0).Append(values[^1]).Select(v => v.Name).Distinct().Where(v => v != "x").DefaultIfEmpty("v0")]);
            InPlace(source, Numbers(seed, 1, 16));
        }
    }
}
