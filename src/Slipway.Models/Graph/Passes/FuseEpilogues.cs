using System.Collections.Immutable;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>Lets convolutions and matrix products add a bias, another tensor, and apply an activation while their results are hot.</summary>
internal sealed class FuseEpilogues : IGraphPass
{
    public string Name => "fuse-epilogues";

    public BoundGraph Apply(BoundGraph graph, SymbolSource symbols)
    {
        var editor = new GraphEditor(graph);
        for (var n = 0; n < editor.Nodes.Count; n++)
        {
            if (editor.Nodes[n] is { } node && editor.IsFloat32(node.Outputs[0]) && Epilogue.Of(node) is { } epilogue) Fuse(editor, n, epilogue);
        }
        return editor.Build();
    }

    private static void Fuse(GraphEditor editor, int place, Epilogue epilogue)
    {
        var first = editor.Nodes[place]!;
        var (last, output) = (place, first.Outputs[0]);
        var fused = new List<string>();
        while (epilogue.Activation.Kind == ActivationKind.None && editor.OnlyReader(output) is var reader and >= 0)
        {
            var next = editor.Nodes[reader]!;
            if (epilogue.WithActivation(editor, next) is { } activated) epilogue = activated;
            else if (next.Is("Add") && !next.Info.Has("axis") && next.Other(output) is var addend and >= 0 && (epilogue.WithBias(editor, addend, output) ?? epilogue.WithResidual(editor, addend, output)) is { } added) epilogue = added;
            else break;
            fused.Add(next.Info.Operator);
            (last, output) = (reader, next.Outputs[0]);
            editor.Remove(reader);
        }
        if (fused.Count == 0) return;
        editor.Remove(place);
        // The node runs where its last part did: what it adds is there by then.
        editor.Replace(last, epilogue.Build(NodeFactory.Fused(first.Info, string.Join('+', fused)), output));
    }

    /// <summary>A product and what is done to it.</summary>
    private sealed record Epilogue(BoundNode Node, int Bias, int Residual, Activation Activation)
    {
        public static Epilogue? Of(BoundNode node) => node.Info.Definition.Domain.Length > 0 ? null : node.Operator switch
        {
            Conv conv when conv.Activation.Kind == ActivationKind.None => new(node, node.Inputs.Length > 2 ? node.Inputs[2] : -1, -1, default),
            MatMul { BiasInput: -1, ResidualInput: -1 } product when product.Activation.Kind == ActivationKind.None => new(node, -1, -1, default),
            GemmOperator { ResidualInput: -1 } product when product.Activation.Kind == ActivationKind.None => new(node, node.Inputs.Length > 2 ? node.Inputs[2] : -1, -1, default),
            _ => null,
        };

        public Epilogue? WithActivation(GraphEditor editor, BoundNode next) =>
            next.Info.Definition.Domain.Length == 0 && next.Inputs[0] >= 0 && ActivationOf(editor, next) is { } activation ? this with { Activation = activation } : null;

        public Epilogue? WithBias(GraphEditor editor, int addend, int output)
        {
            if (Bias >= 0 || Residual >= 0 || editor.Constant(addend) is not { Element: DataType.Float32 } constant || editor.TypeOf(output)?.Shape is not { } shape || constant.Rank > shape.Rank) return null;
            var axis = Node.Operator is Conv ? 1 : shape.Rank - 1;
            if (axis < 0 || shape[axis] < 0 || constant.Count != shape[axis]) return null;
            for (var a = 1; a <= constant.Rank; a++)
            {
                if (constant[constant.Rank - a] != 1 && shape.Rank - a != axis) return null;
            }
            if (constant.Rank == 1) return Node.Operator is Conv && shape.Rank > 2 ? null : this with { Bias = addend };
            var vector = new TensorValue(DataType.Float32);
            vector.Alias(constant, [constant.Count]);
            return this with { Bias = editor.AddConstant(editor.Value(addend).Name, vector) };
        }

        public Epilogue? WithResidual(GraphEditor editor, int addend, int output) =>
            Residual < 0 && editor.TypeOf(addend)?.Shape is { } shape && shape.Equals(editor.TypeOf(output)?.Shape) && editor.IsFloat32(addend) && !(Node.Operator is GemmOperator && Bias >= 0 && !IsVector(editor, Bias))
                ? this with { Residual = addend } : null;

        public BoundNode Build(NodeInfo info, int output)
        {
            var inputs = ImmutableArray.CreateBuilder<int>();
            inputs.AddRange(Node.Inputs[0], Node.Inputs[1]);
            switch (Node.Operator)
            {
                case Conv:
                    inputs.Add(Bias);
                    if (Residual >= 0) inputs.Add(Residual);
                    return new BoundNode(info, new Conv(info, Activation, ((Conv)Node.Operator).Factors), inputs.ToImmutable(), [output]);
                case MatMul:
                    if (Bias >= 0) inputs.Add(Bias);
                    if (Residual >= 0) inputs.Add(Residual);
                    return new BoundNode(info, new MatMul { BiasInput = Bias >= 0 ? 2 : -1, ResidualInput = Residual >= 0 ? inputs.Count - 1 : -1, Activation = Activation }, inputs.ToImmutable(), [output]);
                default:
                    inputs.Add(Bias);
                    if (Residual >= 0) inputs.Add(Residual);
                    return new BoundNode(info, new GemmOperator(info) { ResidualInput = Residual >= 0 ? 3 : -1, Activation = Activation }, inputs.ToImmutable(), [output]);
            }
        }

        private static bool IsVector(GraphEditor editor, int value) => editor.TypeOf(value)?.Shape is { Rank: 1 };

        private static Activation? ActivationOf(GraphEditor editor, BoundNode node)
        {
            var info = node.Info;
            switch (info.Operator)
            {
                case "Relu": return Activation.Relu;
                case "LeakyRelu": return Activation.LeakyRelu(info.Float("alpha", 0.01f));
                case "HardSigmoid": return Activation.HardSigmoid(info.Float("alpha", 0.2f), info.Float("beta", 0.5f));
                case "HardSwish": return Activation.HardSwish;
                case "Sigmoid": return Activation.Sigmoid;
                case "Tanh": return Activation.Tanh;
                case "Swish" when info.Float("alpha", 1) == 1: return Activation.Silu;
                case "Gelu": return info.Text("approximate", "none") == "tanh" ? Activation.GeluTanh : Activation.Gelu;
                case "Clip":
                    var low = Bound(editor, node, 1, "min", double.NegativeInfinity);
                    var high = Bound(editor, node, 2, "max", double.PositiveInfinity);
                    return low is null || high is null || low > high ? null : Activation.Clip(low.Value, high.Value);
                default: return null;
            }
        }

        private static double? Bound(GraphEditor editor, BoundNode clip, int input, string attribute, double otherwise) =>
            clip.Info.Version < 11 ? clip.Info.Float(attribute, (float)otherwise) : input < clip.Inputs.Length && clip.Inputs[input] >= 0 ? editor.Number(clip.Inputs[input]) : otherwise;
    }
}
