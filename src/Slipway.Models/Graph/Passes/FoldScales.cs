namespace Slipway.Models.Graph;

/// <summary>
/// Multiplies constants around a product into its weights and its bias: <c>((c · x) · W + b) · s + t</c> is <c>x · (c · W · s) + (b · s + t)</c>, for numbers and vectors over the columns
/// of a matrix product or the filters of a convolution. For fast math: the scaled weights are rounded instead of the scaled sums.
/// </summary>
internal sealed class FoldScales : IGraphPass
{
    public string Name => "fold-scales";

    public BoundGraph Apply(BoundGraph graph, SymbolSource symbols)
    {
        var editor = new GraphEditor(graph);
        for (var n = 0; n < editor.Nodes.Count; n++)
        {
            if (editor.Nodes[n] is { } node && Product.Of(editor, node) is { } product) Fold(editor, n, product);
        }
        return editor.Build();
    }

    private static void Fold(GraphEditor editor, int place, Product product)
    {
        var scales = new double[product.Channels];
        var shifts = new double[product.Channels];
        Array.Fill(scales, 1);
        if (product.Bias is { } bias)
        {
            for (var c = 0; c < shifts.Length; c++) shifts[c] = bias.Values<float>()[c];
        }
        var (isScaled, hasShift, last) = (false, product.Bias is not null, place);
        var folded = new List<int>();
        while (editor.OnlyReader(editor.Nodes[last]!.Outputs[0]) is var reader and >= 0 && Operand(editor, editor.Nodes[reader]!, editor.Nodes[last]!.Outputs[0], product) is { } operand)
        {
            var (name, isSecond) = (editor.Nodes[reader]!.Info.Operator, editor.Nodes[reader]!.Inputs[0] != editor.Nodes[last]!.Outputs[0]);
            isScaled |= name is "Mul" or "Div" || (name == "Sub" && isSecond);
            hasShift |= name is "Add" or "Sub";
            for (var c = 0; c < scales.Length; c++)
            {
                double number = operand.Values<float>()[operand.Count == 1 ? 0 : c];
                (scales[c], shifts[c]) = name switch
                {
                    "Mul" => (scales[c] * number, shifts[c] * number),
                    "Div" => (scales[c] / number, shifts[c] / number),
                    "Add" => (scales[c], shifts[c] + number),
                    _ => isSecond ? (-scales[c], number - shifts[c]) : (scales[c], shifts[c] - number),
                };
            }
            folded.Add(last);
            last = reader;
        }
        var before = Before(editor, editor.Nodes[place]!, out var factor);
        if (!isScaled && before < 0) return;
        for (var c = 0; c < scales.Length; c++) scales[c] *= factor;
        if (!product.Fits(scales) || shifts.Any(s => !float.IsFinite((float)s))) return;
        var input = editor.Nodes[place]!.Inputs[0];
        if (before >= 0)
        {
            input = editor.Nodes[before]!.Inputs[editor.Number(editor.Nodes[before]!.Inputs[0]) is null ? 0 : 1];
            editor.Remove(before);
        }
        var output = editor.Nodes[last]!.Outputs[0];
        var info = NodeFactory.Fused(editor.Nodes[place]!.Info, "Scale");
        foreach (var each in folded) editor.Remove(each);
        product.Replace(editor, last, info, input, output, scales, hasShift ? Vector(shifts) : null);
    }

    /// <summary>The constant that a node adds to the value, multiplies it by, … for all elements alike or for each channel; null when it does something else.</summary>
    private static TensorValue? Operand(GraphEditor editor, BoundNode node, int value, Product product)
    {
        if (!(node.Is("Add") || node.Is("Sub") || node.Is("Mul") || node.Is("Div")) || node.Info.Version < 7 || (node.Is("Div") && node.Inputs[0] != value)) return null;
        if (editor.Constant(node.Other(value)) is not { Element: DataType.Float32 } constant || constant.Rank > product.Rank) return null;
        if (constant.Count == 1) return constant;
        if (constant.Count != product.Channels) return null;
        var axis = product.Rank - product.ChannelsFromEnd;
        for (var a = 1; a <= constant.Rank; a++)
        {
            if (constant[constant.Rank - a] != 1 && product.Rank - a != axis) return null;
        }
        return constant;
    }

    /// <summary>The place of a node that only multiplies the product's input by a number; -1 when there is none.</summary>
    private static int Before(GraphEditor editor, BoundNode product, out double factor)
    {
        factor = 1;
        var place = editor.ProducerOf(product.Inputs[0]);
        if (place < 0 || editor.OnlyReader(product.Inputs[0]) < 0 || editor.Nodes[place] is not { } node || node.Info.Version < 7 || !(node.Is("Mul") || node.Is("Div"))) return -1;
        var second = editor.Number(node.Inputs[1]);
        if ((second ?? (node.Is("Mul") ? editor.Number(node.Inputs[0]) : null)) is not { } number || editor.TypeOf(node.Outputs[0])?.Shape is not { } shape) return -1;
        if (!shape.Equals(editor.TypeOf(node.Inputs[second is null ? 1 : 0])?.Shape)) return -1;
        factor = node.Is("Div") ? 1 / number : number;
        return place;
    }

    private static TensorValue Vector(double[] values)
    {
        var vector = new TensorValue(DataType.Float32, values.Length);
        for (var i = 0; i < values.Length; i++) vector.Values<float>()[i] = (float)values[i];
        return vector;
    }

    /// <summary>A product with constant weights.</summary>
    /// <param name="ChannelsFromEnd">The axis of its columns or filters: 1 is the last.</param>
    private sealed record Product(BoundNode Node, TensorValue Weights, TensorValue? Bias, int Channels, int Rank, int ChannelsFromEnd)
    {
        public static Product? Of(GraphEditor editor, BoundNode node)
        {
            if (node.Info.Definition.Domain.Length > 0 || node.Inputs.Length < 2 || editor.Constant(node.Inputs[1]) is not { Element: DataType.Float32, Count: > 0 } weights) return null;
            if (editor.TypeOf(node.Outputs[0]) is not { Element: DataType.Float32, Shape: { } shape }) return null;
            var hasBias = node.Inputs.Length > 2 && node.Inputs[2] >= 0;
            var bias = hasBias ? editor.Constant(node.Inputs[2]) : null;
            if (hasBias && bias is not { Element: DataType.Float32, Rank: 1 }) return null;
            Product? product = node.Operator switch
            {
                Conv conv when conv.Activation.Kind == Kernels.ActivationKind.None && node.Inputs.Length <= 3 => new(node, weights, bias, (int)weights[0], shape.Rank, shape.Rank - 1),
                MatMul { BiasInput: -1, ResidualInput: -1 } when node.Is("MatMul") && weights.Rank == 2 => new(node, weights, null, (int)weights[1], shape.Rank, 1),
                GemmOperator { ResidualInput: -1 } when node.Is("Gemm") && node.Info.Float("alpha", 1) == 1 && node.Info.Float("beta", 1) == 1 => new(node, weights, bias, (int)weights[node.Info.Flag("transB") ? 0 : 1], 2, 1),
                _ => null,
            };
            return product is null || (bias is not null && bias.Count != product.Channels) ? null : product;
        }

        /// <summary>Whether scaled weights are numbers still.</summary>
        public bool Fits(double[] scales)
        {
            var largest = 0.0;
            foreach (var weight in Weights.Values<float>()) largest = Math.Max(largest, Math.Abs((double)weight));
            return scales.All(s => float.IsFinite((float)(s * largest)) && (s == 0 || Math.Abs(s * largest) >= 1e-30));
        }

        public void Replace(GraphEditor editor, int place, NodeInfo info, int input, int output, double[] scales, TensorValue? bias)
        {
            var name = editor.Value(Node.Inputs[1]).Name;
            if (Node.Operator is Conv conv)
            {
                var factors = conv.Factors is { } own ? own.Zip(scales, (a, b) => a * b).ToArray() : scales;
                editor.Replace(place, new BoundNode(info, new Conv(info, default, factors), bias is null ? [input, Node.Inputs[1]] : [input, Node.Inputs[1], editor.AddConstant(name + ".bias", bias)], [output]));
                return;
            }
            var weights = editor.AddConstant(name + ".scaled", Scaled(scales));
            if (Node.Operator is GemmOperator)
            {
                editor.Replace(place, new BoundNode(info, new GemmOperator(info), bias is null ? [input, weights] : [input, weights, editor.AddConstant(name + ".bias", bias)], [output]));
                return;
            }
            if (bias is null)
            {
                editor.Replace(place, new BoundNode(info, new MatMul(), [input, weights], [output]));
                return;
            }
            var product = editor.AddValue(new BoundValue(editor.Value(Node.Outputs[0]).Name + ".scaled", editor.TypeOf(output)));
            editor.Append(new BoundNode(info, new MatMul(), [input, weights], [product]));
            editor.Replace(place, NodeFactory.Create(editor.Nodes[place]!, "Add", 14, [], [product, editor.AddConstant(name + ".bias", bias)]));
        }

        private TensorValue Scaled(double[] scales)
        {
            var scaled = new TensorValue(DataType.Float32, Weights.Shape);
            ReadOnlySpan<float> from = Weights.Values<float>();
            var to = scaled.Values<float>();
            var (rows, columns) = ((int)Weights[0], (int)Weights[1]);
            var isByRow = Node.Is("Gemm") && Node.Info.Flag("transB");
            for (var r = 0; r < rows; r++)
            {
                for (var c = 0; c < columns; c++) to[(r * columns) + c] = (float)(from[(r * columns) + c] * scales[isByRow ? r : c]);
            }
            return scaled;
        }
    }
}
