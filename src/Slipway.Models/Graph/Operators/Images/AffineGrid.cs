using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>AffineGrid (ai.onnx 20): the places of an output [N, C, (D,) H, W] under the matrices theta [N, 2, 3] or [N, 3, 4], for GridSample.</summary>
internal sealed class AffineGrid(NodeInfo node) : Operator
{
    private readonly bool _alignCorners = node.Flag("align_corners");

    public override void Infer(InferenceContext context)
    {
        if (context.Dimensions(1) is not { Length: 4 or 5 } size)
        {
            if (context.Constant(1) is { } wrong) throw new ModelException($"size has {wrong.Count} numbers, 4 or 5 are expected");
            context.SetOutput(0, context.Element(0), (Shape?)null);
            return;
        }
        var axes = size.Length - 2;
        if (context.Shape(0) is { } theta && (theta.Rank != 3 || (theta[1] >= 0 && theta[1] != axes) || (theta[2] >= 0 && theta[2] != axes + 1) || (theta[0] >= 0 && size[0] >= 0 && theta[0] != size[0]))) throw new ModelException($"theta must be [{size[0]},{axes},{axes + 1}], it is {theta}");
        context.SetOutput(0, context.Element(0), [size[0], .. size[2..], axes]);
    }

    public override void Run(RunContext context)
    {
        var output = context.Output(0);
        if (output.Count == 0) return;
        var axes = output.Rank - 2;
        var theta = new double[context.Input(0).Count];
        Numbers.Read<double>(context.Input(0), theta);
        var results = new double[output.Count];
        Span<double> place = stackalloc double[axes + 1];
        Span<long> position = stackalloc long[axes];
        var pixels = output.Count / (int)output[0] / axes;
        for (var n = 0; n < output[0]; n++)
        {
            position.Clear();
            for (var p = 0; p < pixels; p++)
            {
                // Coordinates run from the last axis to the first.
                for (var a = 0; a < axes; a++) place[a] = Coordinate(position[axes - 1 - a], output[axes - a]);
                place[axes] = 1;
                for (var r = 0; r < axes; r++)
                {
                    double sum = 0;
                    for (var k = 0; k <= axes; k++) sum += theta[(((n * axes) + r) * (axes + 1)) + k] * place[k];
                    results[(((n * pixels) + p) * axes) + r] = sum;
                }
                for (var a = axes - 1; a >= 0 && ++position[a] == output[a + 1]; a--) position[a] = 0;
            }
        }
        Numbers.Write<double>(results, output);
    }

    private double Coordinate(long index, long size) => _alignCorners ? size == 1 ? 0 : -1 + (2.0 * index / (size - 1)) : -1 + (((2.0 * index) + 1) / size);
}
