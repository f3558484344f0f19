namespace Slipway.Models.Graph;

/// <summary>Picks elements of any type by one index for each axis.</summary>
internal static class ResizeNearest
{
    public static void Run(TensorValue input, TensorValue output, List<ResizeAxis> axes, float extrapolation)
    {
        var pick = new Pick(input, output, axes);
        ElementWidths.Move(input.Element, ref pick);
        ResizeWeighted.Extrapolate(output, axes, extrapolation);
    }

    private readonly ref struct Pick(TensorValue input, TensorValue output, List<ResizeAxis> axes) : IElementMove
    {
        public void Move<T>()
        {
            ReadOnlySpan<T> source = input.Elements<T>();
            var target = output.Elements<T>();
            var rank = output.Rank;
            Span<int> strides = stackalloc int[rank];
            var stride = 1;
            for (var a = rank - 1; a >= 0; a--)
            {
                strides[a] = stride;
                stride *= (int)input[a];
            }
            // Trailing axes that stay as they are move as one run.
            var inner = rank;
            var run = 1;
            while (inner > 0 && !axes.Exists(x => x.Axis == inner - 1)) run *= (int)output[--inner];
            Span<int> position = stackalloc int[rank];
            position.Clear();
            for (var at = 0; at < target.Length; at += run)
            {
                var from = 0;
                for (var a = 0; a < inner; a++) from += position[a] * strides[a];
                foreach (var axis in axes) from += (axis.Indices[position[axis.Axis]] - position[axis.Axis]) * strides[axis.Axis];
                source.Slice(from, run).CopyTo(target[at..]);
                for (var a = inner - 1; a >= 0 && ++position[a] == output[a]; a--) position[a] = 0;
            }
        }
    }
}
