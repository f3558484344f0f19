namespace Slipway.Models.Graph;

/// <summary>Lets products read the operand of a Transpose of matrices as it is (transA, transB), where the Transpose has no other readers.</summary>
internal sealed class FoldTransposes : IGraphPass
{
    public string Name => "fold-transposes";

    public BoundGraph Apply(BoundGraph graph, SymbolSource symbols)
    {
        var editor = new GraphEditor(graph);
        for (var n = 0; n < editor.Nodes.Count; n++)
        {
            if (editor.Nodes[n] is not { } transpose || Permutation.Of(editor, transpose) is not { } order || !Permutation.SwapsLastTwo(order)) continue;
            var value = transpose.Outputs[0];
            if (editor.IsOutput(value) || editor.ReadersOf(value).Any(r => !CanTake(editor, editor.Nodes[r]!, value))) continue;
            foreach (var place in editor.ReadersOf(value).Distinct().ToArray()) editor.Replace(place, Taking(editor, editor.Nodes[place]!, value, transpose.Inputs[0]));
            editor.Remove(n);
        }
        return editor.Build();
    }

    /// <summary>Whether a node is a product that can read the transposed value in its place.</summary>
    public static bool CanTake(GraphEditor editor, BoundNode node, int value)
    {
        var isProduct = node.Is("MatMul") || node.Is("Gemm") || (node.Info is { Operator: "FusedMatMul", Definition.Domain: "com.microsoft" } && !node.Info.Flag("transBatchA") && !node.Info.Flag("transBatchB"));
        return isProduct && editor.TypeOf(node.Outputs[0]) is { Element: DataType.Float32 or DataType.Float64 } && (node.Inputs.Length < 3 || node.Inputs[2] != value)
            && node.Inputs.Take(2).All(i => editor.TypeOf(i)?.Shape is { Rank: >= 2 });
    }

    private static BoundNode Taking(GraphEditor editor, BoundNode node, int value, int by)
    {
        var (a, b) = (node.Inputs[0] == value, node.Inputs[1] == value);
        var attributes = new List<AttributeDefinition>(node.Info.Definition.Attributes.Where(t => t.Name is not ("transA" or "transB")))
        {
            new("transA", node.Info.Flag("transA") != a ? 1L : 0L),
            new("transB", node.Info.Flag("transB") != b ? 1L : 0L),
        };
        var isGemm = node.Is("Gemm") || (node.Is("MatMul") && node.Inputs.All(i => editor.TypeOf(i)!.Shape!.Rank == 2));
        var definition = node.Info.Definition with { Domain = isGemm ? "" : "com.microsoft", Operator = isGemm ? "Gemm" : "FusedMatMul", Attributes = [.. attributes] };
        var info = new NodeInfo(definition, isGemm ? Math.Max(node.Info.Version, 13) : 1);
        return new BoundNode(info, OperatorCatalog.Default.Create(info), [a ? by : node.Inputs[0], b ? by : node.Inputs[1], .. node.Inputs.Skip(2)], node.Outputs);
    }
}
