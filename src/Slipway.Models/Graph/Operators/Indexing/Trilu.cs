using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Trilu: keeps the upper or lower triangle of the last two dimensions; the rest is zero (ai.onnx 14).</summary>
internal sealed class Trilu(NodeInfo node) : Operator
{
    private readonly bool _isUpper = node.Flag("upper", true);

    public override void Infer(InferenceContext context)
    {
        if (context.Rank(0) is 0 or 1) throw new ModelException($"matrices are expected, the input's shape is {context.Shape(0)}");
        context.SetOutput(0, context.Element(0), context.Shape(0));
    }

    public override bool CanOverwrite(int input) => input == 0;

    public override void Run(RunContext context)
    {
        var move = new TriluMove(context, _isUpper);
        ElementWidths.Move(context.Input(0).Element, ref move);
    }

    private readonly struct TriluMove(RunContext context, bool isUpper) : IElementMove
    {
        public void Move<T>()
        {
            var (source, target) = (context.Input(0), context.Output(0));
            if (target.Count == 0) return;
            var diagonal = context.OptionalInput(1) is { } k ? k.Count == 1 ? k.IntAt(0) : throw new RecordException($"k must be one number, it is {k.Type}") : 0;
            var columns = (int)source[source.Rank - 1];
            var rows = (int)source[source.Rank - 2];
            diagonal = Math.Clamp(diagonal, -rows, columns);
            var from = source.Elements<T>();
            var to = target.Elements<T>();
            for (int start = 0, row = 0; start < to.Length; start += columns, row = row + 1 == rows ? 0 : row + 1)
            {
                // Upper: columns from the diagonal on; lower: columns up to and with the diagonal.
                var split = (int)Math.Clamp(row + diagonal + (isUpper ? 0 : 1), 0, columns);
                var (kept, cleared) = isUpper ? (split..columns, 0..split) : (0..split, split..columns);
                from.Slice(start, columns)[kept].CopyTo(to.Slice(start, columns)[kept]);
                to.Slice(start, columns)[cleared].Clear();
            }
        }
    }
}
