using System.Collections.Immutable;
using System.Numerics.Tensors;
using Slipway.Core;
using Slipway.Models.Formats.Onnx;
using Tensor = Slipway.Core.Tensor;

namespace Slipway.Models.Formats.OnnxMl;

/// <summary>What stands behind the ensemble: other shapes and types, functions of scores, labels.</summary>
internal sealed partial class GraphBinder
{
    private Rows Add(ElementType type, int width)
    {
        Slots.Add(new Slot(type, width));
        return new Rows(Slots.Count - 1, type, width, 2);
    }

    private Rows? BindRows(OnnxNode node, OnnxAttributes attributes, Rows rows, ImmutableArray<Value> inputs)
    {
        if (rows.IsMap && node.Operator != "Identity") return null;
        return node.Operator switch
        {
            "Identity" => rows,
            "ZipMap" when rows.Type == ElementType.Float32 && rows.Rank == 2 && LabelsOf(attributes) == rows.Width => rows with { IsMap = true },
            "Cast" => Convert(rows, TensorElementTypes.Of(attributes.Integer("to", 0))),
            "Reshape" when ShapeOf(attributes, inputs, "shape") is { } shape => Reshape(rows, shape),
            "Squeeze" when rows is { Rank: 2, Width: 1 } && ShapeOf(attributes, inputs, "axes") is [1 or -1] => rows with { Rank = 1 },
            "Unsqueeze" when rows.Rank == 1 && ShapeOf(attributes, inputs, "axes") is [1 or -1] => rows with { Rank = 2 },
            "Flatten" when rows.Rank != LookedUp && attributes.Integer("axis", 1) == 1 => rows with { Rank = 2 },
            "Concat" when attributes.Integer("axis", 1) is 1 or -1 => Join(inputs, rows.Type),
            "ArrayFeatureExtractor" when rows.Rank == 2 && inputs is [_, Constant indices] => Choose(rows, Integers(attributes.File, indices)),
            "ArgMax" when attributes.Integer("axis", 0) is 1 or -1 && attributes.Integer("select_last_index", 0) == 0 => FindLargest(rows, attributes.Integer("keepdims", 1) != 0),
            "Mul" or "Add" or "Sub" or "Div" when inputs is [_, Constant constant] => BindArithmetic(node, attributes, constant, rows, constantIsLeft: false),
            _ => FunctionOf(node, attributes, rows) is { } function ? Apply(rows, function) : null,
        };
    }

    private RowFunction? FunctionOf(OnnxNode node, OnnxAttributes attributes, Rows rows) => node.Operator switch
    {
        "Sigmoid" => static row =>
        {
            foreach (ref var x in row) x = NeuralFunctions.Sigmoid(x);
        },
        "Exp" => static row =>
        {
            foreach (ref var x in row) x = MathF.Exp(x);
        },
        "Softmax" when rows.Rank == 2 && attributes.Integer("axis", _file.OperatorSets.GetValueOrDefault("", 1) < 13 ? 1 : -1) is 1 or -1 => PostTransforms.Softmax<float>,
        "Normalizer" when rows.Rank == 2 => attributes.Text("norm", "MAX") switch
        {
            "MAX" => NeuralFunctions.DivideByLargest,
            "L1" => NeuralFunctions.DivideByAbsoluteSum,
            "L2" => NeuralFunctions.DivideByLength,
            _ => null,
        },
        _ => null,
    };

    private Rows? Apply(Rows rows, RowFunction function)
    {
        if (rows.Type != ElementType.Float32) return null;
        var result = Add(rows.Type, rows.Width) with { Rank = rows.Rank };
        Steps.Add(new RowFunctionStep(rows.Slot, result.Slot, function));
        return result;
    }

    private Rows? Convert(Rows rows, ElementType? to)
    {
        if (to == rows.Type) return rows;
        if (!IsNumber(rows.Type) || to is not { } type || !IsNumber(type)) return null;
        var result = Add(type, rows.Width) with { Rank = rows.Rank };
        Steps.Add(new CastStep(rows.Slot, result.Slot));
        return result;
    }

    private static bool IsNumber(ElementType type) => type is ElementType.Float32 or ElementType.Float64 or ElementType.Int64 or ElementType.Int32;

    private static Rows? Reshape(Rows rows, long[] shape) => shape switch
    {
        [-1] when rows.Width == 1 => rows with { Rank = 1 },
        [-1, var width] when width == rows.Width => rows with { Rank = 2 },
        [0, -1] when rows.Rank != LookedUp => rows with { Rank = 2 },
        _ => null,
    };

    private Rows? Join(ImmutableArray<Value> parts, ElementType type)
    {
        var columns = ImmutableArray.CreateBuilder<(int, int)>();
        foreach (var part in parts)
        {
            if (part is not Rows { Rank: 2, IsMap: false } rows || rows.Type != type || !IsNumber(type)) return null;
            for (var c = 0; c < rows.Width; c++) columns.Add((rows.Slot, c));
        }
        return Gather(columns.ToImmutable(), type);
    }

    private Rows? Choose(Rows rows, long[]? columns)
    {
        if (columns is not { Length: > 0 } || !IsNumber(rows.Type) || columns.Any(c => c < 0 || c >= rows.Width)) return null;
        return Gather([.. columns.Select(c => (rows.Slot, (int)c))], rows.Type);
    }

    private Rows Gather(ImmutableArray<(int, int)> columns, ElementType type)
    {
        var result = Add(type, columns.Length);
        Steps.Add(new GatherStep(columns, result.Slot));
        return result;
    }

    private Rows? FindLargest(Rows rows, bool keepsRank)
    {
        if (rows is not { Type: ElementType.Float32, Rank: 2 }) return null;
        var result = Add(ElementType.Int64, 1) with { Rank = keepsRank ? 2 : 1 };
        Steps.Add(new ArgMaxStep(rows.Slot, result.Slot));
        return result;
    }

    /// <summary>ArrayFeatureExtractor over a list of labels: one row of as many as there are places asked for, which converters reshape at once.</summary>
    private Rows? BindLookup(OnnxAttributes attributes, Constant labels, Rows places)
    {
        if (places is not { Type: ElementType.Int64, Width: 1, IsMap: false }) return null;
        using var tensor = TensorProtoReader.Read(labels.Tensor.In(attributes.File), "labels");
        if (tensor.Count == 0 || tensor.Type is not (ElementType.Int64 or ElementType.Bytes)) return null;
        ImmutableArray<string> texts = tensor.Type == ElementType.Bytes ? [.. Enumerable.Range(0, tensor.Count).Select(i => tensor.GetText(i)!)] : default;
        var result = Add(tensor.Type, 1) with { Rank = LookedUp };
        Steps.Add(new LabelStep(places.Slot, result.Slot, texts.IsDefault ? [.. tensor.Values<long>()] : [], texts));
        return result;
    }

    /// <summary>Of a matrix [1, rows]: only a Reshape makes something of it that has a row for each row.</summary>
    private const int LookedUp = 0;

    private Rows? BindArithmetic(OnnxNode node, OnnxAttributes attributes, Constant constant, Rows rows, bool constantIsLeft)
    {
        if (rows is not { Type: ElementType.Float32, IsMap: false, Rank: > 0 }) return null;
        using var tensor = TensorProtoReader.Read(constant.Tensor.In(attributes.File), "constant");
        if (tensor.Type != ElementType.Float32 || (tensor.Count != 1 && (tensor.Count != rows.Width || rows.Rank != 2)) || tensor.Shape.Length > rows.Rank || (tensor.Shape is [> 1, _])) return null;
        var values = tensor.Values<float>().ToArray();
        if (values.Length == 1) values = [.. Enumerable.Repeat(values[0], rows.Width)];
        RowFunction? function = (node.Operator, constantIsLeft) switch
        {
            ("Mul", _) => row => TensorPrimitives.Multiply(row, values, row),
            ("Add", _) => row => TensorPrimitives.Add(row, values, row),
            ("Sub", false) => row => TensorPrimitives.Subtract(row, values, row),
            ("Sub", true) => row => TensorPrimitives.Subtract(values, row, row),
            ("Div", false) => row => TensorPrimitives.Divide(row, values, row),
            ("Div", true) => row => TensorPrimitives.Divide(values, row, row),
            _ => null,
        };
        return function is null ? null : Apply(rows, function);
    }

    private static int LabelsOf(OnnxAttributes attributes) => attributes.Integers("classlabels_int64s").Length + attributes.Texts("classlabels_strings").Length;

    /// <summary>A list of numbers that is an attribute in old operator sets, and the second input in newer ones.</summary>
    private static long[]? ShapeOf(OnnxAttributes attributes, ImmutableArray<Value> inputs, string name) =>
        inputs is [_, Constant constant] ? Integers(attributes.File, constant) : inputs.Length == 1 && attributes.Has(name) ? attributes.Integers(name) : null;
}
