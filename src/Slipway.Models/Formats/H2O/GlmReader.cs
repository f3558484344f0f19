using System.Globalization;
using Slipway.Core;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Models.Formats.H2O;

/// <summary>Generalized linear models of every family and link that H2O has.</summary>
internal static class GlmReader
{
    public static MojoModel Read(MojoInfo info, MojoHeader header)
    {
        var (family, link) = (info.Text("family"), info.TextOrNull("link") ?? "");
        var model = new MojoModel(header) { Facts = [new("objective", family), new("link", link)] };
        if (info.Int("num_interactions", 0) > 0) return model with { Unsupported = ["num_interactions: interactions of columns"] };
        if (header.Version >= 2) return model with { Unsupported = [FormattableString.Invariant($"mojo_version {header.Version:0.00} is not known for a GLM")] };
        var kind = family switch { "multinomial" => GlmKind.Multinomial, "ordinal" => GlmKind.Ordinal, _ when header.IsClassifier => GlmKind.Binomial, _ => GlmKind.Regression };
        if (kind is GlmKind.Multinomial or GlmKind.Ordinal && !header.IsClassifier) throw info.Fault("family", $"none of classes for category {header.Category}");
        if (kind == GlmKind.Binomial && header.Classes.Length != 2) throw info.Fault("family", $"multinomial or ordinal for {header.Classes.Length} classes");
        var function = new GlmPredictions(header, kind, LinkOf(link), info.Double("tweedie_link_power", 0));
        if (function.Link is null && kind is GlmKind.Binomial or GlmKind.Regression) return model with { Unsupported = [$"link '{link}' is not known"] };

        var offsets = CategoryOffsets.Read(info, header, info.Bool("use_all_factor_levels", false));
        // An ordinal model has coefficients for its last class, too, which are not used.
        var vectors = kind is GlmKind.Multinomial or GlmKind.Ordinal ? header.Classes.Length : 1;
        var beta = info.Doubles("beta");
        if (beta.Length != vectors * (offsets.Width + 1L)) throw info.Fault("beta", $"{vectors * (offsets.Width + 1L)} coefficients ({vectors} times {offsets.Width} and an intercept)");
        var kernel = new GlmKernel(header, offsets, beta, kind == GlmKind.Ordinal ? vectors - 1 : vectors, Imputation(info, header, offsets));
        return model with { Kernel = kernel, Function = function, Facts = model.Facts.Add(new("coefficients", beta.Length.ToString(CultureInfo.InvariantCulture))) };
    }

    /// <summary>What stands for missing values, by column; NaN without imputation.</summary>
    private static double[] Imputation(MojoInfo info, MojoHeader header, CategoryOffsets offsets)
    {
        var values = new double[header.Features];
        values.AsSpan().Fill(double.NaN);
        if (!info.Bool("mean_imputation", false)) return values;
        var (modes, means) = (info.Ints("cat_modes"), info.Doubles("num_means"));
        if (modes.Length < offsets.Categories) throw info.Fault("cat_modes", $"{offsets.Categories} levels");
        if (means.Length < offsets.Numbers) throw info.Fault("num_means", $"{offsets.Numbers} numbers");
        for (var c = 0; c < offsets.Categories; c++) values[c] = modes[c];
        means.AsSpan(0, offsets.Numbers).CopyTo(values.AsSpan(offsets.Categories));
        return values;
    }

    private static GlmLink? LinkOf(string name) => name switch
    {
        "identity" => GlmLink.Identity,
        "logit" => GlmLink.Logit,
        "log" => GlmLink.Log,
        "inverse" => GlmLink.Inverse,
        "tweedie" => GlmLink.Tweedie,
        _ => null,
    };
}

internal enum GlmKind
{
    Regression,
    Binomial,
    Multinomial,
    Ordinal,
}

internal enum GlmLink
{
    Identity,
    Logit,
    Log,
    Inverse,
    Tweedie,
}

/// <summary>Linear predictors: the coefficients of the levels, then Σ coefficient × number, then the intercept and the offset.</summary>
/// <param name="beta">For each output: the levels', the numbers', the intercept.</param>
/// <param name="imputation">What stands for a missing value, by column; where it is NaN, so is the prediction.</param>
internal sealed class GlmKernel(MojoHeader header, CategoryOffsets offsets, double[] beta, int outputs, double[] imputation) : MarginKernel<double>(header.RowColumns.Length, outputs)
{
    protected override void ScoreRows(ReadOnlySpan<double> rows, int rowLength, Span<double> margins, int count)
    {
        for (var r = 0; r < count; r++)
        {
            var row = rows.Slice(r * rowLength, Features);
            for (var output = 0; output < Outputs; output++) margins[(r * Outputs) + output] = Predictor(row, beta.AsSpan(output * (offsets.Width + 1), offsets.Width + 1));
        }
    }

    private double Predictor(ReadOnlySpan<double> row, ReadOnlySpan<double> coefficients)
    {
        var sum = 0.0;
        for (var c = 0; c < offsets.Categories; c++)
        {
            var level = Value(row, c);
            if (double.IsNaN(level)) return double.NaN;
            if (offsets.Coefficient(c, level) is >= 0 and var place) sum += coefficients[place];
        }
        for (var i = 0; i < offsets.Numbers; i++) sum += coefficients[offsets.Blocks + i] * Value(row, offsets.Categories + i);
        sum += coefficients[^1];
        if (header.Offset >= 0 && !double.IsNaN(row[header.Offset])) sum += row[header.Offset];
        return sum;
    }

    private double Value(ReadOnlySpan<double> row, int column) => double.IsNaN(row[column]) ? imputation[column] : row[column];
}

/// <summary>From linear predictors to means or probabilities.</summary>
internal sealed class GlmPredictions(MojoHeader header, GlmKind kind, GlmLink? link, double linkPower)
    : MojoPredictions(kind switch { GlmKind.Multinomial => header.Classes.Length, GlmKind.Ordinal => header.Classes.Length - 1, _ => 1 }, Math.Max(1, header.Classes.Length))
{
    public GlmLink? Link => link;

    public override void Apply(ReadOnlySpan<double> margins, Span<double> predictions)
    {
        switch (kind)
        {
            case GlmKind.Multinomial:
                Multinomial(margins, predictions);
                break;
            case GlmKind.Ordinal:
                Ordinal(margins, predictions);
                break;
            case GlmKind.Binomial:
                predictions[1] = Inverse(margins[0]);
                predictions[0] = 1 - predictions[1];
                break;
            default:
                predictions[0] = Inverse(margins[0]);
                break;
        }
    }

    private double Inverse(double x) => link switch
    {
        GlmLink.Logit => 1 / (Math.Exp(-x) + 1),
        GlmLink.Log => Math.Exp(x),
        GlmLink.Inverse => 1 / (x < 0 ? Math.Min(-1e-5, x) : Math.Max(1e-5, x)),
        GlmLink.Tweedie => linkPower == 0 ? Math.Max(2e-16, Math.Exp(x)) : Math.Pow(x, 1 / linkPower),
        _ => x,
    };

    /// <summary>Unlike a plain softmax, H2O's scales by the largest positive predictor only, and multiplies by the sum's inverse.</summary>
    private static void Multinomial(ReadOnlySpan<double> margins, Span<double> predictions)
    {
        var max = 0.0;
        foreach (var margin in margins) max = margin > max ? margin : max;
        var sum = 0.0;
        for (var c = 0; c < predictions.Length; c++) sum += predictions[c] = Math.Exp(margins[c] - max);
        var factor = 1 / sum;
        foreach (ref var p in predictions) p *= factor;
    }

    /// <summary>Proportional odds: each predictor gives the probability of its class and those before it.</summary>
    private static void Ordinal(ReadOnlySpan<double> margins, Span<double> predictions)
    {
        var before = 0.0;
        for (var c = 0; c < margins.Length; c++)
        {
            var cumulative = 1 / (1 + Math.Exp(-margins[c]));
            predictions[c] = cumulative - before;
            before = cumulative;
        }
        predictions[^1] = 1 - before;
    }
}
