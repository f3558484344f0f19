using System.Collections.Immutable;

namespace Slipway.Models.Graph;

/// <summary>
/// Makes a product of matrices of an Einsum of two float32 tensors that sums over one dimension: labels of both that are kept count the stack, the others are rows and columns.
/// Transposes bring the operands and the result into the order that is asked for, where they are not in it.
/// </summary>
internal sealed class ReplaceEinsum : IGraphPass
{
    public string Name => "replace-einsum";

    public BoundGraph Apply(BoundGraph graph, SymbolSource symbols)
    {
        var editor = new GraphEditor(graph);
        for (var n = 0; n < editor.Nodes.Count; n++)
        {
            if (editor.Nodes[n] is { Inputs.Length: 2 } node && node.Is("Einsum") && Product.Of(editor, node) is { } product) product.Replace(editor, n);
        }
        return editor.Build();
    }

    /// <summary>The labels of the stack, of the rows, of what is summed and of the columns. Without a stack, rows may have several dimensions.</summary>
    private sealed record Product(int Left, int Right, string LeftLabels, string RightLabels, string Output, string Stack, string Rows, char Inner, char Column)
    {
        public static Product? Of(GraphEditor editor, BoundNode node)
        {
            var equation = EinsumEquation.Read(node.Info);
            var (a, b, y) = (equation.Inputs[0], equation.Inputs[1], equation.Output);
            if ((a + b).Contains('.') || !IsPlain(editor, node.Inputs[0], a) || !IsPlain(editor, node.Inputs[1], b)) return null;
            return Of(editor, node.Inputs[0], a, node.Inputs[1], b, y) ?? Of(editor, node.Inputs[1], b, node.Inputs[0], a, y);
        }

        private static Product? Of(GraphEditor editor, int left, string a, int right, string b, string y)
        {
            var stack = string.Concat(a.Where(l => b.Contains(l) && y.Contains(l)));
            var inner = string.Concat(a.Where(l => b.Contains(l) && !y.Contains(l)));
            var rows = string.Concat(a.Where(l => !b.Contains(l)));
            var columns = string.Concat(b.Where(l => !a.Contains(l)));
            if (inner.Length != 1 || columns.Length != 1 || rows.Length < 1 || (rows.Length > 1 && stack.Length > 0) || y.Length != stack.Length + rows.Length + 1) return null;
            // A dimension of one that is repeated is no dimension of a product.
            foreach (var label in stack + inner)
            {
                if (editor.TypeOf(left)!.Shape![a.IndexOf(label)] != editor.TypeOf(right)!.Shape![b.IndexOf(label)]) return null;
            }
            return new Product(left, right, a, b, y, stack, rows, inner[0], columns[0]);
        }

        public void Replace(GraphEditor editor, int place)
        {
            var node = editor.Nodes[place]!;
            var made = Stack + Rows + Column;
            var left = Ordered(editor, node, Left, LeftLabels, Stack + Rows + Inner);
            var right = Ordered(editor, node, Right, RightLabels, Stack + Inner + Column);
            if (made == Output)
            {
                editor.Replace(place, NodeFactory.Create(node, "MatMul", 13, [], [left, right]));
                return;
            }
            var order = Order(made, Output);
            var (x, z) = (editor.TypeOf(left)!.Shape!, editor.TypeOf(right)!.Shape!);
            var product = editor.AddValue(new BoundValue(editor.Value(node.Outputs[0]).Name + ".product", new TensorType(DataType.Float32, Shape.Of([.. x.Dimensions.RemoveAt(x.Rank - 1), z[^1]]))));
            editor.Append(NodeFactory.Create(node, "MatMul", 13, [], [left, right]) with { Outputs = [product] });
            editor.Replace(place, NodeFactory.Transpose(node.Name, product, order, node.Outputs[0]));
        }

        private static int Ordered(GraphEditor editor, BoundNode node, int value, string labels, string wanted)
        {
            if (labels == wanted) return value;
            var order = Order(labels, wanted);
            var ordered = editor.AddValue(new BoundValue($"{editor.Value(node.Outputs[0]).Name}.{wanted}", new TensorType(DataType.Float32, Permutation.Apply(editor.TypeOf(value)!.Shape!, order))));
            editor.Append(NodeFactory.Transpose(node.Name, value, order, ordered));
            return ordered;
        }

        private static int[] Order(string labels, string wanted) => [.. wanted.Select(label => labels.IndexOf(label))];

        /// <summary>A float32 tensor of known rank, none of whose dimensions is named twice.</summary>
        private static bool IsPlain(GraphEditor editor, int value, string labels) =>
            editor.TypeOf(value) is { Element: DataType.Float32, Shape: { } shape } && shape.Rank == labels.Length && labels.Distinct().Count() == labels.Length;
    }
}
