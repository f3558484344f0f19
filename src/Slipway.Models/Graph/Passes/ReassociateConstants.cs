namespace Slipway.Models.Graph;

/// <summary>
/// Makes one operation with a constant of two: <c>(x · a) · b</c> is <c>x · (a · b)</c>, <c>(x + a) - b</c> is <c>x + (a - b)</c>, and a division by a constant a product with its inverse.
/// For fast math: the constants are rounded together instead of the results.
/// </summary>
internal sealed class ReassociateConstants : IGraphPass
{
    public string Name => "reassociate-constants";

    public BoundGraph Apply(BoundGraph graph, SymbolSource symbols)
    {
        var editor = new GraphEditor(graph);
        for (var n = 0; n < editor.Nodes.Count; n++)
        {
            if (editor.Nodes[n] is not { } node || Term.Of(editor, node) is not { } term) continue;
            var before = editor.ProducerOf(term.Value);
            if (before >= 0 && editor.OnlyReader(term.Value) == n && Term.Of(editor, editor.Nodes[before]!) is { } first && term.After(first) is { } joined)
            {
                editor.Remove(before);
                editor.Replace(n, joined.Node(editor, node));
            }
            else if (node.Is("Div"))
            {
                editor.Replace(n, term.Node(editor, node));
            }
        }
        return editor.Build();
    }

    /// <summary>A value and the constant that it is multiplied by, or that is added to it.</summary>
    private sealed record Term(int Value, bool IsProduct, long[] Shape, double[] Numbers)
    {
        public static Term? Of(GraphEditor editor, BoundNode node)
        {
            if (!(node.Is("Add") || node.Is("Sub") || node.Is("Mul") || node.Is("Div")) || node.Info.Version < 7 || !editor.IsFloat32(node.Outputs[0])) return null;
            var at = editor.Constant(node.Inputs[1]) is not null ? 1 : editor.Constant(node.Inputs[0]) is not null && (node.Is("Add") || node.Is("Mul")) ? 0 : -1;
            if (at < 0 || editor.Constant(node.Inputs[1 - at]) is not null || editor.Constant(node.Inputs[at]) is not { Element: DataType.Float32 } constant) return null;
            // A constant that widens the value has more elements than the value; joined with another it would widen it earlier.
            if (editor.TypeOf(node.Outputs[0])?.Shape is not { } shape || !shape.Equals(editor.TypeOf(node.Inputs[1 - at])?.Shape)) return null;
            var numbers = new double[constant.Count];
            for (var i = 0; i < numbers.Length; i++)
            {
                double number = constant.Values<float>()[i];
                numbers[i] = node.Is("Div") ? 1 / number : node.Is("Sub") ? -number : number;
            }
            var isProduct = node.Is("Mul") || node.Is("Div");
            return isProduct && numbers.Any(x => !IsNormal(x)) ? null : new Term(node.Inputs[1 - at], isProduct, constant.Shape.ToArray(), numbers);
        }

        /// <summary>Both in one; null when they are of two kinds or their constants do not fit each other.</summary>
        public Term? After(Term first)
        {
            if (IsProduct != first.IsProduct || (Numbers.Length != 1 && first.Numbers.Length != 1 && !Shape.AsSpan().SequenceEqual(first.Shape))) return null;
            var numbers = new double[Math.Max(Numbers.Length, first.Numbers.Length)];
            for (var i = 0; i < numbers.Length; i++)
            {
                var (a, b) = (first.Numbers[first.Numbers.Length == 1 ? 0 : i], Numbers[Numbers.Length == 1 ? 0 : i]);
                numbers[i] = IsProduct ? a * b : a + b;
                if (IsProduct ? !IsNormal(numbers[i]) : !float.IsFinite((float)numbers[i])) return null;
            }
            return new Term(first.Value, IsProduct, Numbers.Length > first.Numbers.Length ? Shape : first.Shape, numbers);
        }

        public BoundNode Node(GraphEditor editor, BoundNode last)
        {
            var constant = new TensorValue(DataType.Float32, Shape);
            for (var i = 0; i < Numbers.Length; i++) constant.Values<float>()[i] = (float)Numbers[i];
            return NodeFactory.Create(last, IsProduct ? "Mul" : "Add", 14, [], [Value, editor.AddConstant(last.Name + ".constant", constant)]);
        }

        private static bool IsNormal(double number) => float.IsNormal((float)number);
    }
}
