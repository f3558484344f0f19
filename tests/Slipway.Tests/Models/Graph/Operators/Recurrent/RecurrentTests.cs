using Slipway.Core;
using Slipway.Models.Graph;
using static Slipway.Tests.Models.Operators.NodeRun;

namespace Slipway.Tests.Models.Operators.Recurrent;

/// <summary>Recurrent operators against their equations, computed unit by unit in float64.</summary>
public class RecurrentTests
{
    private static readonly Dictionary<string, Func<double, double>> Functions = new()
    {
        ["Sigmoid"] = x => 1 / (1 + Math.Exp(-x)), ["Tanh"] = Math.Tanh, ["Relu"] = x => Math.Max(0, x), ["softsign"] = x => x / (1 + Math.Abs(x)), ["HardSigmoid"] = x => Math.Clamp(0.25 * x + 0.5, 0, 1),
    };

    private sealed record Case(string Name, string Direction, bool IsBatchFirst, bool HasBias, bool HasLengths, bool HasStates, bool HasPeepholes, float Clip, bool Flag, string[] Activations)
    {
        public int Directions => Direction == "bidirectional" ? 2 : 1;

        public int Gates => Name switch { "RNN" => 1, "GRU" => 3, _ => 4 };
    }

    private const int Length = 5, Batch = 3, Input = 4, Hidden = 6;

    [Theory]
    [InlineData("RNN", DataType.Float32)]
    [InlineData("RNN", DataType.Float64)]
    [InlineData("GRU", DataType.Float32)]
    [InlineData("GRU", DataType.Float64)]
    [InlineData("GRU", DataType.BFloat16)]
    [InlineData("LSTM", DataType.Float32)]
    [InlineData("LSTM", DataType.Float64)]
    [InlineData("LSTM", DataType.Float16)]
    internal void Cells_follow_their_equations(string name, DataType element)
    {
        var random = new Random(11);
        for (var round = 0; round < 40; round++)
        {
            var functions = name switch { "RNN" => 1, "GRU" => 2, _ => 3 };
            var direction = (round % 3) switch { 0 => "forward", 1 => "reverse", _ => "bidirectional" };
            var activations = round % 4 == 0 ? [] : Enumerable.Range(0, functions * (direction == "bidirectional" ? 2 : 1)).Select(_ => Functions.Keys.ElementAt(random.Next(Functions.Count))).ToArray();
            Check(new Case(name, direction, round % 2 == 1, random.Next(4) > 0, random.Next(2) == 0, random.Next(2) == 0, name == "LSTM" && random.Next(2) == 0, random.Next(3) == 0 ? 0.3f : 0, random.Next(2) == 0, activations), element, random);
        }
    }

    private static TensorValue Numbers(Random random, DataType element, params long[] shape)
    {
        var values = new float[shape.Aggregate(1L, (a, b) => a * b)];
        for (var i = 0; i < values.Length; i++) values[i] = random.Next(-64, 65) / 64f;
        return One("Cast", 13, [Floats(values, shape)], ("to", (long)element));
    }

    private static void Check(Case c, DataType element, Random random)
    {
        long[] first = c.IsBatchFirst ? [Batch, c.Directions, Hidden] : [c.Directions, Batch, Hidden];
        var x = c.IsBatchFirst ? Numbers(random, element, Batch, Length, Input) : Numbers(random, element, Length, Batch, Input);
        var w = Numbers(random, element, c.Directions, c.Gates * Hidden, Input);
        var r = Numbers(random, element, c.Directions, c.Gates * Hidden, Hidden);
        var b = c.HasBias ? Numbers(random, element, c.Directions, 2 * c.Gates * Hidden) : null;
        var lengths = c.HasLengths ? TensorValue.Of(DataType.Int32, (ReadOnlySpan<int>)[2, Length, 0], Batch) : null;
        var h = c.HasStates ? Numbers(random, element, first) : null;
        var memory = c.HasStates && c.Name == "LSTM" ? Numbers(random, element, first) : null;
        var p = c.HasPeepholes ? Numbers(random, element, c.Directions, 3 * Hidden) : null;
        var attributes = new List<(string, object)> { ("hidden_size", Hidden), ("direction", c.Direction), ("layout", c.IsBatchFirst) };
        if (c.Clip > 0) attributes.Add(("clip", c.Clip));
        if (c.Name == "LSTM") attributes.Add(("input_forget", c.Flag));
        if (c.Name == "GRU") attributes.Add(("linear_before_reset", c.Flag));
        if (c.Activations.Length > 0)
        {
            attributes.Add(("activations", c.Activations));
            attributes.Add(("activation_alpha", c.Activations.Where(a => a == "HardSigmoid").Select(_ => 0.25f).ToArray()));
        }
        Value?[] inputs = c.Name == "LSTM" ? [x, w, r, b, lengths, h, memory, p] : [x, w, r, b, lengths, h];
        var outputs = Run(c.Name, 22, inputs, c.Name == "LSTM" ? 3 : 2, [.. attributes]);
        var tolerance = element switch { DataType.Float64 => 1e-12, DataType.Float32 => 1e-5, DataType.Float16 => 2e-3, _ => 1e-2 };
        for (var d = 0; d < c.Directions; d++)
        {
            for (var row = 0; row < Batch; row++) CheckRow(c, d, row, inputs, outputs, tolerance);
        }
    }

    private static void CheckRow(Case c, int d, int row, Value?[] inputs, Value[] outputs, double tolerance)
    {
        var length = c.HasLengths ? (int)((TensorValue)inputs[4]!).IntAt(row) : Length;
        var place = c.IsBatchFirst ? row * c.Directions + d : d * Batch + row;
        double At(int input, int i) => inputs.Length > input && inputs[input] is TensorValue tensor ? tensor.NumberAt(i) : 0;
        var h = Enumerable.Range(0, Hidden).Select(u => At(5, place * Hidden + u)).ToArray();
        var memory = Enumerable.Range(0, Hidden).Select(u => At(6, place * Hidden + u)).ToArray();
        string[] names = c.Activations.Length > 0 ? c.Activations : [.. Enumerable.Repeat(c.Name == "RNN" ? ["Tanh"] : c.Name == "GRU" ? new[] { "Sigmoid", "Tanh" } : ["Sigmoid", "Tanh", "Tanh"], c.Directions).SelectMany(n => n)];
        var functions = names.Skip(d * names.Length / c.Directions).Take(names.Length / c.Directions).Select(n => Functions[n]).ToArray();
        double F(int function, double value) => functions[function](c.Clip > 0 ? Math.Clamp(value, -(double)c.Clip, c.Clip) : value);
        var y = (TensorValue)outputs[0];
        var written = new HashSet<int>();
        for (var step = 0; step < length; step++)
        {
            var time = c.Direction == "reverse" || d == 1 ? length - 1 - step : step;
            var (before, state) = (h, memory);
            double X(int gate, int unit) => At(3, (d * 2 * c.Gates + gate) * Hidden + unit)
                + Enumerable.Range(0, Input).Sum(i => At(1, ((d * c.Gates + gate) * Hidden + unit) * Input + i) * At(0, (c.IsBatchFirst ? row * Length + time : time * Batch + row) * Input + i));
            double R(int gate, int unit, Func<int, double> of) => Enumerable.Range(0, Hidden).Sum(i => At(2, ((d * c.Gates + gate) * Hidden + unit) * Hidden + i) * of(i));
            double Rb(int gate, int unit) => At(3, ((d * 2 + 1) * c.Gates + gate) * Hidden + unit);
            double G(int gate, int unit) => X(gate, unit) + Rb(gate, unit) + R(gate, unit, i => before[i]);
            double P(int gate, int unit) => At(7, (d * 3 + gate) * Hidden + unit);
            var next = new double[Hidden];
            var cell = new double[Hidden];
            for (var u = 0; u < Hidden; u++)
            {
                switch (c.Name)
                {
                    case "RNN": next[u] = F(0, G(0, u)); break;
                    case "GRU":
                        var z = F(0, G(0, u));
                        var candidate = c.Flag
                            ? F(1, X(2, u) + F(0, G(1, u)) * (R(2, u, i => before[i]) + Rb(2, u)))
                            : F(1, X(2, u) + Rb(2, u) + R(2, u, i => F(0, G(1, i)) * before[i]));
                        next[u] = (1 - z) * candidate + z * before[u];
                        break;
                    default:
                        var input = F(0, G(0, u) + P(0, u) * state[u]);
                        var forget = c.Flag ? 1 - input : F(0, G(2, u) + P(2, u) * state[u]);
                        cell[u] = forget * state[u] + input * F(1, G(3, u));
                        next[u] = F(0, G(1, u) + P(1, u) * cell[u]) * F(2, cell[u]);
                        break;
                }
            }
            (h, memory) = (next, cell);
            for (var u = 0; u < Hidden; u++)
            {
                var at = (c.IsBatchFirst ? (row * Length + time) * c.Directions + d : (time * c.Directions + d) * Batch + row) * Hidden + u;
                written.Add(at);
                AssertNear(h[u], y.NumberAt(at), tolerance);
            }
        }
        for (var time = 0; time < Length; time++)
        {
            var at = (c.IsBatchFirst ? (row * Length + time) * c.Directions + d : (time * c.Directions + d) * Batch + row) * Hidden;
            if (!written.Contains(at)) Assert.Equal(0, y.NumberAt(at));
        }
        for (var u = 0; u < Hidden; u++)
        {
            AssertNear(h[u], ((TensorValue)outputs[1]).NumberAt(place * Hidden + u), tolerance);
            if (c.Name == "LSTM") AssertNear(memory[u], ((TensorValue)outputs[2]).NumberAt(place * Hidden + u), tolerance);
        }
    }

    private static void AssertNear(double expected, double actual, double tolerance) => Assert.Equal(expected, actual, tolerance * (1 + Math.Abs(expected)));

    [Fact]
    public void A_row_gives_the_same_bits_in_every_batch()
    {
        var random = new Random(12);
        var (w, r) = (Numbers(random, DataType.Float32, 1, 4 * 32, 16), Numbers(random, DataType.Float32, 1, 4 * 32, 32));
        var x = Numbers(random, DataType.Float32, 7, 5, 16);
        var all = One("LSTM", 14, [x, w, r], ("hidden_size", 32));
        for (var row = 0; row < 5; row++)
        {
            var alone = One("Slice", 13, [x, Ints(row), Ints(row + 1), Ints(1)]);
            AssertEqual(One("Slice", 13, [all, Ints(row), Ints(row + 1), Ints(2)]), One("LSTM", 14, [alone, w, r], ("hidden_size", 32)));
        }
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_refused()
    {
        var (x, w, r) = (new TensorValue(DataType.Float32, 2, 1, 3), new TensorValue(DataType.Float32, 1, 16, 3), new TensorValue(DataType.Float32, 1, 16, 4));
        Assert.Equal([2, 1, 1, 4], One("LSTM", 7, [x, w, r]).Shape.ToArray());
        Assert.ThrowsAny<SlipwayException>(() => One("LSTM", 7, [x, w, r], ("hidden_size", 5)));
        Assert.ThrowsAny<SlipwayException>(() => One("LSTM", 7, [x, r, r]));
        Assert.ThrowsAny<SlipwayException>(() => One("LSTM", 7, [x, w, r], ("direction", "bidirectional")));
        Assert.ThrowsAny<SlipwayException>(() => One("LSTM", 7, [x, w, r, new TensorValue(DataType.Float32, 1, 31)]));
        Assert.ThrowsAny<SlipwayException>(() => One("LSTM", 7, [x, w, r, null, TensorValue.Of(DataType.Int32, (ReadOnlySpan<int>)[3], 1)]));
        Assert.ThrowsAny<SlipwayException>(() => One("LSTM", 7, [x, w, r], ("activations", new[] { "Sigmoid", "Tanh" })));
        Assert.ThrowsAny<SlipwayException>(() => One("LSTM", 7, [x, w, r], ("activations", new[] { "Sigmoid", "Tanh", "3" })));
    }
}
