using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>
/// Resize (ai.onnx 10, 11, 13, 18, 19) and Upsample (1, 7, 9): nearest, linear and cubic interpolation in any number of axes, one axis after the other, since all of them are separable.
/// </summary>
internal sealed class Resize : Operator
{
    private readonly ResizeSampling _sampling;
    private readonly long[]? _axes;
    private readonly string _aspect;
    private readonly float[]? _fixedScales;
    private readonly int _roiInput, _scalesInput, _sizesInput;

    public Resize(NodeInfo node, ResizeSampling sampling, int roiInput, int scalesInput, int sizesInput, float[]? fixedScales = null)
    {
        _sampling = sampling;
        _axes = node.Ints("axes");
        _aspect = node.Text("keep_aspect_ratio_policy", "stretch");
        (_roiInput, _scalesInput, _sizesInput, _fixedScales) = (roiInput, scalesInput, sizesInput, fixedScales);
        if (_aspect is not ("stretch" or "not_larger" or "not_smaller")) throw node.Wrong($"keep_aspect_ratio_policy '{_aspect}' is unknown; there are stretch, not_larger, not_smaller");
    }

    public override void Infer(InferenceContext context)
    {
        if (context.Shape(0) is not { } input)
        {
            context.SetOutput(0, context.Element(0), (Shape?)null);
            return;
        }
        var scales = _fixedScales is null ? context.Constant(_scalesInput) : null;
        var sizes = context.Constant(_sizesInput);
        if ((_fixedScales is null && scales is not { Count: > 0 } && sizes is not { Count: > 0 }) || !input.IsConcrete)
        {
            context.SetOutput(0, context.Element(0), context.UnknownShape(input.Rank));
            return;
        }
        var plan = ScalesOf(input.Span, scales, sizes);
        context.SetOutput(0, context.Element(0), plan.Sizes);
    }

    public override void Run(RunContext context)
    {
        var (input, output) = (context.Input(0), context.Output(0));
        if (output.Count == 0) return;
        var axes = context.State as List<ResizeAxis>;
        if (axes is null || _sampling.Coordinates == "tf_crop_and_resize")
        {
            context.State = axes = AxesOf(context, input, output);
        }
        if (_sampling.Mode == "nearest") ResizeNearest.Run(input, output, axes, _sampling.Extrapolation);
        else ResizeWeighted.Run(input, output, axes, _sampling.Extrapolation);
    }

    private List<ResizeAxis> AxesOf(RunContext context, TensorValue input, TensorValue output)
    {
        var scales = ScalesOf(input.Shape, _fixedScales is null ? context.OptionalInput(_scalesInput) : null, context.OptionalInput(_sizesInput)).Scales;
        var roi = context.OptionalInput(_roiInput);
        var axes = new List<ResizeAxis>();
        var count = _axes?.Length ?? input.Rank;
        for (var a = 0; a < input.Rank; a++)
        {
            if (input[a] == 0) throw new RecordException("an empty tensor cannot be made larger");
            var (start, end) = (0.0, 1.0);
            var position = _axes is null ? a : Array.FindIndex(_axes, x => InferenceContext.Axis(x, input.Rank) == a);
            if (_sampling.Coordinates == "tf_crop_and_resize" && position >= 0 && roi is not null)
            {
                if (roi.Count != 2 * count) throw new RecordException($"roi has {roi.Count} numbers, {2 * count} are expected");
                (start, end) = (roi.NumberAt(position), roi.NumberAt(position + count));
            }
            if (input[a] == output[a] && scales[a] == 1 && (start, end) == (0.0, 1.0)) continue;
            axes.Add(ResizeAxis.Create(a, (int)input[a], (int)output[a], scales[a], start, end, _sampling));
        }
        return axes;
    }

    private (double[] Scales, long[] Sizes) ScalesOf(ReadOnlySpan<long> input, TensorValue? scales, TensorValue? sizes)
    {
        var rank = input.Length;
        var axes = new int[_axes?.Length ?? rank];
        for (var i = 0; i < axes.Length; i++) axes[i] = _axes is null ? i : InferenceContext.Axis(_axes[i], rank);
        var factors = new double[rank];
        Array.Fill(factors, 1);
        var result = input.ToArray();
        if (sizes is { Count: > 0 })
        {
            if (sizes.Count != axes.Length) throw new ModelException($"sizes has {sizes.Count} numbers, {axes.Length} are expected");
            for (var i = 0; i < axes.Length; i++)
            {
                result[axes[i]] = sizes.IntAt(i);
                factors[axes[i]] = input[axes[i]] == 0 ? 1 : (double)sizes.IntAt(i) / input[axes[i]];
            }
            if (_aspect == "stretch") return (factors, result);
            var common = axes.Length == 0 ? 1 : _aspect == "not_larger" ? axes.Min(a => factors[a]) : axes.Max(a => factors[a]);
            foreach (var axis in axes)
            {
                factors[axis] = common;
                result[axis] = (long)Math.Floor((common * input[axis]) + 0.5);
            }
            return (factors, result);
        }
        var given = _fixedScales?.Length ?? scales?.Count ?? 0;
        if (given != axes.Length) throw new ModelException($"scales has {given} numbers, {axes.Length} are expected");
        for (var i = 0; i < axes.Length; i++)
        {
            var scale = _fixedScales?[i] ?? scales!.NumberAt(i);
            if (!(scale > 0) || scale > int.MaxValue) throw new ModelException($"scale {scale} of axis {axes[i]} is not a positive number");
            factors[axes[i]] = scale;
            // In the precision of the scale: 0.48f of 50 are 24 and not 23.
            result[axes[i]] = (long)MathF.Floor(input[axes[i]] * (float)scale);
        }
        return (factors, result);
    }
}

/// <summary>How positions of the output become positions of the input, and what is taken from around these.</summary>
internal sealed record ResizeSampling(string Mode, string Coordinates, string NearestMode, float CubicA = -0.75f, bool ExcludeOutside = false, float Extrapolation = 0, bool Antialias = false)
{
    public static ResizeSampling Of(NodeInfo node)
    {
        var sampling = new ResizeSampling(
            node.Text("mode", "nearest"), node.Text("coordinate_transformation_mode", "half_pixel"), node.Text("nearest_mode", "round_prefer_floor"),
            node.Float("cubic_coeff_a", -0.75f), node.Flag("exclude_outside"), node.Float("extrapolation_value", 0), node.Flag("antialias"));
        return sampling.Checked(node);
    }

    /// <summary>The rules before version 11: the position is divided by the scale, the nearest element is the one before it, or after it where the tensor shrinks.</summary>
    public static ResizeSampling Early(NodeInfo node) => new ResizeSampling(node.Text("mode", "nearest") switch { "bilinear" => "linear", var mode => mode }, "asymmetric", "simple").Checked(node);

    private ResizeSampling Checked(NodeInfo node)
    {
        if (Mode is not ("nearest" or "linear" or "cubic")) throw node.Wrong($"mode '{Mode}' is unknown; there are nearest, linear, cubic");
        if (Coordinates is not ("half_pixel" or "half_pixel_symmetric" or "pytorch_half_pixel" or "align_corners" or "asymmetric" or "tf_crop_and_resize" or "tf_half_pixel_for_nn")) throw node.Wrong($"coordinate_transformation_mode '{Coordinates}' is unknown");
        if (NearestMode is not ("round_prefer_floor" or "round_prefer_ceil" or "floor" or "ceil" or "simple")) throw node.Wrong($"nearest_mode '{NearestMode}' is unknown");
        return this;
    }
}
