using Slipway.Core;
using Slipway.Models.Trees;

namespace Slipway.Models.Formats.H2O;

/// <summary>What an H2O algorithm makes of the margins of a row, operation by operation as h2o-genmodel does.</summary>
/// <param name="margins">Of a row.</param>
/// <param name="outputs">Of a row.</param>
internal abstract class MojoPredictions(int margins, int outputs) : PredictionFunction(outputs)
{
    public int Margins { get; } = margins;

    /// <summary>Brings probabilities learnt from balanced classes back to the distribution in the data (King and Zeng, Logistic Regression in Rare Events Data, eq. 27).</summary>
    protected static void Correct(Span<double> probabilities, MojoHeader header)
    {
        if (!header.BalancesClasses) return;
        var sum = 0.0;
        for (var c = 0; c < probabilities.Length; c++)
        {
            var (prior, model) = (header.PriorDistribution[c], header.ModelDistribution[c]);
            if (prior != 0 && model != 0) probabilities[c] *= prior / model;
            sum += probabilities[c];
        }
        if (sum <= 0) return;
        foreach (ref var p in probabilities) p /= sum;
    }

    /// <summary>Probabilities from margins in place.</summary>
    protected static void Softmax(Span<double> row)
    {
        var max = double.NegativeInfinity;
        foreach (var margin in row) max = Math.Max(max, margin);
        var sum = 0.0;
        foreach (ref var p in row) sum += p = Math.Exp(p - max);
        foreach (ref var p in row) p /= sum;
    }
}

/// <summary>Gradient boosting.</summary>
internal sealed class GbmPredictions : MojoPredictions
{
    private readonly MojoHeader _header;
    private readonly GbmLink _link;
    private readonly bool _isMultinomial;

    private GbmPredictions(MojoHeader header, GbmLink link, bool isMultinomial, int margins) : base(margins, Math.Max(1, header.Classes.Length))
    {
        _header = header;
        _link = link;
        _isMultinomial = isMultinomial;
    }

    /// <summary>Null when the distribution is not known.</summary>
    public static GbmPredictions? For(MojoInfo info, MojoHeader header, string distribution)
    {
        var link = info.TextOrNull("link_function") is { } name ? LinkOf(name) : DefaultLink(distribution);
        var fits = distribution switch
        {
            "bernoulli" or "quasibinomial" or "modified_huber" => header.Classes.Length == 2,
            "multinomial" => header.IsClassifier,
            _ => !header.IsClassifier,
        };
        if (link is null || !fits) return null;
        var isMultinomial = distribution == "multinomial";
        return new GbmPredictions(header, link.Value, isMultinomial, isMultinomial && header.Classes.Length > 2 ? header.Classes.Length : 1);
    }

    public override void Apply(ReadOnlySpan<double> margins, Span<double> predictions)
    {
        if (_isMultinomial)
        {
            if (Margins > 1) margins.CopyTo(predictions);
            else (predictions[0], predictions[1]) = (margins[0], -margins[0]);
            Softmax(predictions);
            Correct(predictions, _header);
            return;
        }
        var prediction = Inverse(_link, margins[0]);
        if (!_header.IsClassifier)
        {
            predictions[0] = prediction;
            return;
        }
        (predictions[0], predictions[1]) = (1 - prediction, prediction);
        Correct(predictions, _header);
    }

    private static double Inverse(GbmLink link, double x) => link switch
    {
        GbmLink.Log => Exp(x),
        GbmLink.Logit => 1 / (1 + Exp(-x)),
        GbmLink.LogLog => 1 - Exp(-Exp(x)),
        GbmLink.Inverse => 1 / (x < 0 ? Math.Min(-1e-5, x) : Math.Max(-1e-5, x)),
        _ => x,
    };

    /// <summary>H2O's exponential ends at 10^19.</summary>
    private static double Exp(double x) => Math.Min(1e19, Math.Exp(x));

    private static GbmLink? LinkOf(string name) => name switch
    {
        "identity" => GbmLink.Identity,
        "log" => GbmLink.Log,
        "logit" or "ologit" => GbmLink.Logit,
        "ologlog" => GbmLink.LogLog,
        "inverse" => GbmLink.Inverse,
        _ => null,
    };

    private static GbmLink? DefaultLink(string distribution) => distribution switch
    {
        "bernoulli" or "quasibinomial" or "modified_huber" => GbmLink.Logit,
        "multinomial" or "poisson" or "gamma" or "tweedie" => GbmLink.Log,
        "AUTO" or "gaussian" or "huber" or "laplace" or "quantile" => GbmLink.Identity,
        _ => null,
    };

    private enum GbmLink
    {
        Identity,
        Log,
        Logit,
        LogLog,
        Inverse,
    }
}

/// <summary>Random forests: votes are averaged, or brought to a sum of 1.</summary>
/// <param name="groups">Trees for each class.</param>
/// <param name="firstClassOnly">Two classes, but trees for the first only.</param>
internal sealed class ForestPredictions(MojoHeader header, int groups, bool firstClassOnly)
    : MojoPredictions(firstClassOnly ? 1 : Math.Max(1, header.Classes.Length), Math.Max(1, header.Classes.Length))
{
    public override PredictionFunction ForRounds(int rounds) => new ForestPredictions(header, rounds, firstClassOnly);

    public override void Apply(ReadOnlySpan<double> margins, Span<double> predictions)
    {
        if (!header.IsClassifier)
        {
            predictions[0] = margins[0] / groups;
            return;
        }
        if (firstClassOnly)
        {
            predictions[0] = margins[0] / groups;
            predictions[1] = 1 - predictions[0];
        }
        else
        {
            margins.CopyTo(predictions);
            var sum = 0.0;
            foreach (var votes in margins) sum += votes;
            if (sum > 0)
            {
                foreach (ref var p in predictions) p /= sum;
            }
        }
        Correct(predictions, header);
    }
}

/// <summary>Uplift forests: the mean votes for a response with and without treatment, and before them their difference.</summary>
/// <param name="groups">Trees for each.</param>
internal sealed class UpliftPredictions(int groups) : MojoPredictions(2, 3)
{
    public override PredictionFunction ForRounds(int rounds) => new UpliftPredictions(rounds);

    public override void Apply(ReadOnlySpan<double> margins, Span<double> predictions)
    {
        predictions[1] = margins[0] / groups;
        predictions[2] = margins[1] / groups;
        predictions[0] = predictions[1] - predictions[2];
    }
}

/// <summary>Isolation forests: how much shorter a row's paths are than the longest of training, and their mean length.</summary>
/// <param name="groups">Trees.</param>
/// <param name="min">The shortest sum of path lengths in training.</param>
/// <param name="max">The longest.</param>
/// <param name="threshold">Above it a row is an anomaly, which is told first; NaN when it is not.</param>
internal sealed class IsolationForestPredictions(int groups, int min, int max, double threshold) : MojoPredictions(1, double.IsNaN(threshold) ? 2 : 3)
{
    public override PredictionFunction ForRounds(int rounds) =>
        rounds == groups ? this : throw new ModelException($"{rounds} rounds are asked for, but the scores of an isolation forest are those of all its {groups} trees");

    public override void Apply(ReadOnlySpan<double> margins, Span<double> predictions)
    {
        var score = max > min ? (max - margins[0]) / ((double)max - min) : 1;
        if (Outputs == 3) predictions[0] = score > threshold ? 1 : 0;
        predictions[^2] = score;
        predictions[^1] = margins[0] / groups;
    }
}
