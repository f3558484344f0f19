using Slipway.Models.Graph;

namespace Slipway.Tests.Models.Engine;

/// <summary>A graph of random operators that fit each other, with inputs for it, from a seed.</summary>
internal sealed class RandomGraph
{
    private const int Batch = 3;

    private static readonly string[] Maps = ["Relu", "Sigmoid", "Tanh", "Neg", "Abs", "Exp", "Erf", "Softplus", "Floor", "HardSwish", "LeakyRelu", "Elu", "Sin", "Identity", "Gelu"];
    private static readonly string[] Pairs = ["Add", "Sub", "Mul", "Max", "Min", "Add", "Mul"];

    private readonly Random _random;
    private readonly GraphSource _source = new();
    private readonly List<(string Name, long[] Shape)> _values = [];
    private readonly bool _isSymbolic;
    private int _names;

    public RandomGraph(int seed)
    {
        _random = new Random(seed);
        _isSymbolic = seed % 2 == 0;
        long[] shape = (seed % 3) switch { 0 => [Batch, 4, 6, 6], 1 => [Batch, 5, 8], _ => [Batch, 12] };
        Shapes = [shape, shape];
        foreach (var name in (string[])["a", "b"])
        {
            _source.Input(name, DataType.Float32, [_isSymbolic ? -1 : Batch, .. shape[1..]]);
            _values.Add((name, shape));
        }
        for (var i = _random.Next(4, 16); i > 0; i--) Grow();
        var outputs = new HashSet<string> { _values[^1].Name };
        if (_random.Next(2) == 0) outputs.Add(_values[_random.Next(2, Math.Max(3, _values.Count)) % _values.Count].Name);
        _source.Output([.. outputs]);
        Definition = _source.Model(20, default, "batch");
        Inputs = [.. Shapes.Select(Tensor)];
    }

    public ModelDefinition Definition { get; }

    public long[][] Shapes { get; }

    public TensorValue[] Inputs { get; }

    /// <summary>Whether the first dimension may have any size; all operators keep its rows apart.</summary>
    public bool HasRows => _isSymbolic;

    /// <summary>One row of every input.</summary>
    public TensorValue[] Row(int row) => [.. Inputs.Select(t =>
    {
        var width = t.Count / Batch;
        return TensorValue.Of(t.Values<float>().Slice(row * width, width), [1, .. t.Shape[1..]]);
    })];

    private TensorValue Tensor(long[] shape)
    {
        var tensor = new TensorValue(DataType.Float32, shape);
        foreach (ref var value in tensor.Values<float>()) value = _random.NextSingle() * 4 - 2;
        return tensor;
    }

    private string Weight(params long[] shape)
    {
        var name = "w" + _names++;
        _source.Constant(name, Tensor(shape));
        return name;
    }

    private string Ints(params long[] values)
    {
        var name = "i" + _names++;
        _source.Constant(name, TensorValue.Vector(values));
        return name;
    }

    private void Make(long[] shape, string call, params (string, object)[] attributes)
    {
        var name = "v" + _names++;
        _source.Node($"{name} = {call}", attributes);
        _values.Add((name, shape));
    }

    private string Inner(string call, params (string, object)[] attributes)
    {
        var name = "t" + _names++;
        _source.Node($"{name} = {call}", attributes);
        return name;
    }

    private void Grow()
    {
        var (x, shape) = _values[_random.Next(Math.Max(0, _values.Count - 4), _values.Count)];
        var rank = shape.Length;
        var last = shape[^1];
        switch (_random.Next(19))
        {
            case 0 or 1:
                Make(shape, $"{Maps[_random.Next(Maps.Length)]}({x})");
                break;
            case 2:
                var same = _values.Where(v => v.Shape.SequenceEqual(shape)).ToArray();
                Make(shape, $"{Pairs[_random.Next(Pairs.Length)]}({x}, {same[_random.Next(same.Length)].Name})");
                break;
            case 3:
                Make(shape, $"{Pairs[_random.Next(Pairs.Length)]}({x}, {Weight(last)})");
                break;
            case 4:
                Make([.. shape[..^1], 7], $"MatMul({x}, {Weight(last, 7)})");
                break;
            case 5 when rank == 2:
                Make([Batch, 9], $"Gemm({x}, {Weight(9, last)}, {Weight(9)})", ("transB", 1));
                break;
            case 6 when rank == 4:
                Make([Batch, 5, shape[2], shape[3]], $"Conv({x}, {Weight(5, shape[1], 3, 3)}, {Weight(5)})", ("pads", new long[] { 1, 1, 1, 1 }));
                break;
            case 7 when rank == 4 && shape[2] > 3 && shape[3] > 3:
                Make([Batch, shape[1], shape[2] - 1, shape[3] - 1], $"{(_random.Next(2) == 0 ? "MaxPool" : "AveragePool")}({x})", ("kernel_shape", new long[] { 2, 2 }));
                break;
            case 8:
                Make([.. shape[..^1], 1], $"{((string[])["ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceL2"])[_random.Next(5)]}({x}, {Ints(-1)})");
                break;
            case 9:
                Make(shape, $"Softmax({x})", ("axis", -1));
                break;
            case 10:
                Make(shape, $"LayerNormalization({x}, {Weight(last)}, {Weight(last)})");
                break;
            case 11 when rank > 2:
                Make([shape[0], .. shape[2..], shape[1]], $"Transpose({x})", ("perm", (long[])[0, .. Enumerable.Range(2, rank - 2).Select(i => (long)i), 1]));
                break;
            case 12 when rank > 2:
                Make([shape[0], shape[1..].Aggregate(1L, (a, b) => a * b)], $"Reshape({x}, {Ints(0, -1)})");
                break;
            case 13 when last > 2:
                Make([.. shape[..^1], last - 2], $"Slice({x}, {Ints(1)}, {Ints(last - 1)}, {Ints(-1)})");
                break;
            case 14 when last < 50:
                Make([.. shape[..^1], 2 * last], $"Concat({x}, {x})", ("axis", -1));
                break;
            case 15:
                Make([.. shape[..^1], 3], $"Gather({x}, {Ints(0, last - 1, last / 2)})", ("axis", -1));
                break;
            case 16:
                Make(shape, $"Where({Inner($"Less({x}, {Weight(last)})")}, {x}, {Weight(1)})");
                break;
            case 17:
                var bits = Inner($"Add({Inner($"Cast({Inner($"Clip({x}, {Scalar(-100)}, {Scalar(100)})")})", ("to", 7L))}, {Ints(3)})");
                Make(shape, $"Cast({bits})", ("to", 1L));
                break;
            case 18:
                _source.Constant("c" + _names, TensorValue.Of<byte>(DataType.Bool, [(byte)_random.Next(2)], [1]));
                Make(shape, $"If(c{_names})", ("then_branch", new GraphSource().Node($"r = Relu({x})").Output("r")), ("else_branch", new GraphSource().Node($"r = Neg({x})").Output("r")));
                break;
            default:
                Make(shape, $"Relu({x})");
                break;
        }
    }

    private string Scalar(float value)
    {
        var name = "s" + _names++;
        _source.Numbers(name, value);
        return name;
    }
}
