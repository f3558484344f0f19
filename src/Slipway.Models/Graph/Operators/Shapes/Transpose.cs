using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Transpose: permutes the dimensions; without perm, reverses them (ai.onnx 1).</summary>
internal sealed class Transpose : Operator
{
    private readonly int[]? _permutation;

    public Transpose(NodeInfo node)
    {
        if (node.Ints("perm") is not { } permutation) return;
        for (var i = 0; i < permutation.Length; i++)
        {
            if (Array.IndexOf(permutation, i) < 0) throw node.Wrong($"attribute 'perm' [{string.Join(',', permutation)}] is no permutation");
        }
        _permutation = Array.ConvertAll(permutation, static p => (int)p);
    }

    /// <summary>Which dimension of the input each of the output is; null: they are reversed.</summary>
    public ReadOnlySpan<int> Permutation => _permutation;

    public override void Infer(InferenceContext context)
    {
        if (context.Shape(0) is not { } source)
        {
            context.SetOutput(0, context.Element(0), _permutation is null ? null : context.UnknownShape(_permutation.Length));
            return;
        }
        if (_permutation is not null && _permutation.Length != source.Rank) throw new ModelException($"attribute 'perm' orders {_permutation.Length} dimensions, the input's shape is {source}");
        var dimensions = new long[source.Rank];
        for (var i = 0; i < dimensions.Length; i++) dimensions[i] = source[SourceOf(i, source.Rank)];
        context.SetOutput(0, context.Element(0), dimensions);
    }

    public override void Run(RunContext context)
    {
        var (source, target) = (context.Input(0), context.Output(0));
        var rank = source.Rank;
        Span<long> strides = rank <= Strides.StackRank ? stackalloc long[3 * Strides.StackRank] : new long[3 * rank];
        Span<long> own = strides[..rank], from = strides.Slice(rank, rank), to = strides.Slice(2 * rank, rank);
        Strides.Of(source.Shape, own);
        Strides.Of(target.Shape, to);
        for (var i = 0; i < rank; i++) from[i] = own[SourceOf(i, rank)];
        StridedCopy.Run(source, 0, from, target, 0, to, target.Shape, context.Threads);
    }

    private int SourceOf(int axis, int rank) => _permutation is null ? rank - 1 - axis : _permutation[axis];
}
