using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>DepthToSpace: moves blocks of channels into the plane, [n, c, h, w] to [n, c / b², h·b, w·b] (ai.onnx 1: depth-column-row; 11: mode CRD).</summary>
internal sealed class DepthToSpace : Operator
{
    private readonly long _block;
    private readonly bool _isColumnRowDepth;

    public DepthToSpace(NodeInfo node)
    {
        _block = BlockOf(node);
        _isColumnRowDepth = node.Version >= 11 && node.Text("mode", "DCR") switch
        {
            "DCR" => false,
            "CRD" => true,
            var other => throw node.Wrong($"attribute 'mode': '{other}' is not known, only DCR and CRD"),
        };
    }

    internal static long BlockOf(NodeInfo node)
    {
        var block = node.Int("blocksize");
        return block is > 0 and <= short.MaxValue ? block : throw node.Wrong($"attribute 'blocksize' is {block}");
    }

    public override void Infer(InferenceContext context)
    {
        if (context.ShapeOfRank(0, 4) is not { } source)
        {
            context.SetOutput(0, context.Element(0), context.UnknownShape(4));
            return;
        }
        var square = _block * _block;
        if (source[1] >= 0 && source[1] % square != 0) throw new ModelException($"{source[1]} channels cannot be divided into blocks of {square}");
        context.SetOutput(0, context.Element(0), source[0], source[1] < 0 ? context.NewSymbol() : source[1] / square, Times(context, source[2]), Times(context, source[3]));
    }

    private long Times(InferenceContext context, long size) => size < 0 ? context.NewSymbol() : checked(size * _block);

    public override void Run(RunContext context)
    {
        var (source, target) = (context.Input(0), context.Output(0));
        if (target.Count == 0) return;
        long b = _block, c = target[1], h = source[2], w = source[3], plane = h * w;
        var (row, column, channel) = _isColumnRowDepth ? (b * plane, plane, b * b * plane) : (b * c * plane, c * plane, plane);
        // The target is [n, c, h, b, w, b].
        StridedCopy.Run(
            source, 0, [b * b * c * plane, channel, w, row, 1, column],
            target, 0, [c * plane * b * b, plane * b * b, w * b * b, w * b, b, 1],
            [source[0], c, h, b, w, b],
            context.Threads);
    }
}

/// <summary>SpaceToDepth: moves blocks of the plane into channels, [n, c, h, w] to [n, c·b², h / b, w / b] (ai.onnx 1).</summary>
internal sealed class SpaceToDepth(NodeInfo node) : Operator
{
    private readonly long _block = DepthToSpace.BlockOf(node);

    public override void Infer(InferenceContext context)
    {
        if (context.ShapeOfRank(0, 4) is not { } source)
        {
            context.SetOutput(0, context.Element(0), context.UnknownShape(4));
            return;
        }
        context.SetOutput(0, context.Element(0), source[0], source[1] < 0 ? context.NewSymbol() : checked(source[1] * _block * _block), Part(context, source[2]), Part(context, source[3]));
    }

    private long Part(InferenceContext context, long size) =>
        size < 0 ? context.NewSymbol() : size % _block == 0 ? size / _block : throw new ModelException($"a dimension of {size} cannot be divided into blocks of {_block}");

    public override void Run(RunContext context)
    {
        var (source, target) = (context.Input(0), context.Output(0));
        if (target.Count == 0) return;
        long b = _block, c = source[1], h = target[2], w = target[3], plane = h * w;
        // The target is [n, b, b, c, h, w].
        StridedCopy.Run(
            source, 0, [c * plane * b * b, w * b, 1, plane * b * b, w * b * b, b],
            target, 0, [c * plane * b * b, b * c * plane, c * plane, plane, w, 1],
            [source[0], b, b, c, h, w],
            context.Threads);
    }
}
