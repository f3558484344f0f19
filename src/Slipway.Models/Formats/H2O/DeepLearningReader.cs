using System.Buffers;
using System.Globalization;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Models.Formats.H2O;

/// <summary>Feed-forward networks: classifiers, regressions and autoencoders.</summary>
internal static class DeepLearningReader
{
    public static MojoModel Read(MojoInfo info, MojoHeader header)
    {
        var (activation, distribution) = (info.Text("activation"), info.TextOrNull("distribution") ?? "AUTO");
        var sizes = info.Ints("neural_network_sizes");
        var model = new MojoModel(header)
        {
            Facts = [new("objective", distribution), new("activation", activation), new("layers", string.Join(" × ", sizes.Select(s => s.ToString(CultureInfo.InvariantCulture))))],
        };
        if (info.TextOrNull("_genmodel_encoding") is { } encoding and not ("AUTO" or "SortByResponse" or "OneHotInternal" or "Enum")) return model with { Unsupported = [$"_genmodel_encoding: columns encoded as {encoding} outside of the model"] };
        if (Activation.Find(activation) is not { } hidden) return model with { Unsupported = [$"activation '{activation}' is not known"] };
        if (distribution == "modified_huber") return model with { Unsupported = ["distribution 'modified_huber': H2O's own scorer gives every row the same probability"] };

        var isAutoEncoder = header.Category == "AutoEncoder";
        var offsets = CategoryOffsets.Read(info, header, info.Bool("use_all_factor_levels", true));
        var (factors, means) = (info.Doubles("norm_mul"), info.Doubles("norm_sub"));
        if (factors.Length != means.Length || factors.Length is var given && given != 0 && given < offsets.Numbers) throw info.Fault("norm_mul", $"{offsets.Numbers} numbers, as many as in norm_sub,");
        if (sizes.Length < 2 || sizes[0] != offsets.Width) throw info.Fault("neural_network_sizes", $"{offsets.Width}, the width of a row, and then the layers'");
        var outputs = isAutoEncoder ? offsets.Width : Math.Max(1, header.Classes.Length);
        if (sizes[^1] != outputs) throw info.Fault("neural_network_sizes", $"{outputs} at the end, the outputs,");
        var layers = Layers(info, sizes, hidden, isAutoEncoder ? hidden : header.IsClassifier ? Activation.Softmax : Activation.Linear);
        var scales = new NumberScales(factors, means);
        return model with
        {
            Kernel = new NetworkKernel(header, offsets, scales, layers),
            Function = isAutoEncoder ? new ReconstructionPredictions(offsets, scales) : NetworkPredictions.For(info, header, distribution),
            Predictions = isAutoEncoder ? [.. offsets.Names(header).Select(name => "reconstr_" + name)] : [],
        };
    }

    private static DenseLayer[] Layers(MojoInfo info, int[] sizes, Activation hidden, Activation last)
    {
        var layers = new DenseLayer[sizes.Length - 1];
        var dropout = info.Doubles("hidden_dropout_ratios");
        for (var l = 0; l < layers.Length; l++)
        {
            var (weights, biases) = (info.Doubles($"weight_layer{l}"), info.Doubles($"bias_layer{l}"));
            var activation = l == layers.Length - 1 ? last : hidden;
            var (inputs, outputs) = (sizes[l], sizes[l + 1]);
            // Of each unit of a maxout layer there are several, of which the largest counts.
            var pieces = activation.IsMaxout && outputs > 0 ? biases.Length / outputs : 1;
            if (outputs <= 0 || pieces <= 0 || biases.Length != pieces * (long)outputs) throw info.Fault($"bias_layer{l}", $"{outputs} numbers");
            if (weights.Length != (long)inputs * outputs * pieces) throw info.Fault($"weight_layer{l}", $"{(long)inputs * outputs * pieces} numbers");
            layers[l] = new DenseLayer(inputs, outputs, pieces, weights, biases, activation, activation.HasDropout && l < dropout.Length ? dropout[l] : 0);
        }
        return layers;
    }
}

/// <summary>A function of a layer's units.</summary>
/// <param name="HasDropout">Units are scaled by what dropout left of them in training.</param>
internal sealed record Activation(ActivationFunction Function, bool HasDropout)
{
    public static Activation Linear { get; } = new(ActivationFunction.Linear, false);

    public static Activation Softmax { get; } = new(ActivationFunction.Softmax, false);

    public bool IsMaxout => Function == ActivationFunction.Maxout;

    public static Activation? Find(string name)
    {
        const string WithDropout = "WithDropout";
        var dropout = name.EndsWith(WithDropout, StringComparison.Ordinal);
        ActivationFunction? function = (dropout ? name[..^WithDropout.Length] : name) switch
        {
            "Tanh" => ActivationFunction.Tanh,
            "Rectifier" => ActivationFunction.Rectifier,
            "ExpRectifier" => ActivationFunction.ExpRectifier,
            "Maxout" => ActivationFunction.Maxout,
            _ => null,
        };
        return function is { } known ? new Activation(known, dropout) : null;
    }
}

internal enum ActivationFunction
{
    Linear,
    Softmax,
    Tanh,
    Rectifier,
    ExpRectifier,
    Maxout,
}

/// <summary>How numbers were standardized; empty when they were not.</summary>
internal sealed record NumberScales(double[] Factors, double[] Means)
{
    public double Standardize(double value, int number) => Factors.Length == 0 ? value : (value - Means[number]) * Factors[number];

    public double Restore(double value, int number) => Factors.Length == 0 ? value : (value / Factors[number]) + Means[number];
}

/// <summary>The units of the last layer.</summary>
internal sealed class NetworkKernel : MarginKernel<double>
{
    private readonly CategoryOffsets _offsets;
    private readonly NumberScales _scales;
    private readonly DenseLayer[] _layers;
    private readonly int _widest;

    public NetworkKernel(MojoHeader header, CategoryOffsets offsets, NumberScales scales, DenseLayer[] layers) : base(header.RowColumns.Length, layers[^1].Outputs)
    {
        _offsets = offsets;
        _scales = scales;
        _layers = layers;
        _widest = Math.Max(offsets.Width, layers.Max(l => l.Outputs * l.Pieces));
    }

    protected override void ScoreRows(ReadOnlySpan<double> rows, int rowLength, Span<double> margins, int count)
    {
        var rented = ArrayPool<double>.Shared.Rent(2 * _widest);
        Span<double> here = rented.AsSpan(0, _widest), there = rented.AsSpan(_widest, _widest);
        for (var r = 0; r < count; r++)
        {
            Encode(rows.Slice(r * rowLength, Features), here[.._offsets.Width]);
            foreach (var layer in _layers)
            {
                layer.Apply(here[..layer.Inputs], there);
                var swap = here;
                here = there;
                there = swap;
            }
            here[..Outputs].CopyTo(margins.Slice(r * Outputs, Outputs));
        }
        ArrayPool<double>.Shared.Return(rented);
    }

    /// <summary>One-hot levels, then standardized numbers; a missing number is the mean, 0.</summary>
    private void Encode(ReadOnlySpan<double> row, Span<double> units)
    {
        units.Clear();
        for (var c = 0; c < _offsets.Categories; c++)
        {
            if (_offsets.Place(c, row[c]) is >= 0 and var place) units[place] = 1;
        }
        for (var i = 0; i < _offsets.Numbers; i++)
        {
            var value = _scales.Standardize(row[_offsets.Categories + i], i);
            units[_offsets.Blocks + i] = double.IsNaN(value) ? 0 : value;
        }
    }
}

/// <summary>Classes' probabilities as they are, or a regression's unit brought back to the response.</summary>
internal sealed class NetworkPredictions : MojoPredictions
{
    private readonly MojoHeader _header;
    private readonly NumberScales _response;
    private readonly bool _hasLogLink;
    private readonly bool _hasLogitLink;

    private NetworkPredictions(MojoHeader header, NumberScales response, string distribution) : base(Math.Max(1, header.Classes.Length), Math.Max(1, header.Classes.Length))
    {
        _header = header;
        _response = response;
        _hasLogLink = distribution is "multinomial" or "poisson" or "gamma" or "tweedie";
        _hasLogitLink = distribution is "bernoulli" or "quasibinomial" or "ordinal";
    }

    public static NetworkPredictions For(MojoInfo info, MojoHeader header, string distribution)
    {
        var (factor, mean) = (info.Doubles("norm_resp_mul"), info.Doubles("norm_resp_sub"));
        if (factor.Length != mean.Length || factor.Length > 1) throw info.Fault("norm_resp_mul", "one number, as in norm_resp_sub,");
        return new NetworkPredictions(header, new NumberScales(factor, mean), distribution);
    }

    public override void Apply(ReadOnlySpan<double> margins, Span<double> predictions)
    {
        if (_header.IsClassifier)
        {
            margins.CopyTo(predictions);
            Correct(predictions, _header);
            return;
        }
        var value = _response.Restore(margins[0], 0);
        predictions[0] = _hasLogLink ? Math.Min(1e19, Math.Exp(value)) : _hasLogitLink ? 1 / (1 + Math.Min(1e19, Math.Exp(-value))) : value;
    }
}

/// <summary>An autoencoder's row: levels' units as they are, numbers brought back to their columns.</summary>
internal sealed class ReconstructionPredictions(CategoryOffsets offsets, NumberScales scales) : MojoPredictions(offsets.Width, offsets.Width)
{
    public override void Apply(ReadOnlySpan<double> margins, Span<double> predictions)
    {
        margins.CopyTo(predictions);
        for (var i = 0; i < offsets.Numbers; i++) predictions[offsets.Blocks + i] = scales.Restore(margins[offsets.Blocks + i], i);
    }
}
