using Slipway.Models.Trees;

namespace Slipway.Models.Formats.H2O;

/// <summary>Calibrated probabilities, which H2O gives beside the plain ones. Labels and plain probabilities do not depend on them.</summary>
internal static class Calibration
{
    /// <summary>The model with calibrated probabilities among its predictions; without them when the file has none, or of a kind that is not computed.</summary>
    public static MojoModel Add(MojoInfo info, MojoModel model)
    {
        if (info.TextOrNull("calib_method") is not { } method) return model;
        if (model.Header.Classes.Length != 2) throw info.Fault("calib_method", "none for a model of other than two classes");
        if (method != "platt") return model with { Facts = model.Facts.Add(new("calibration", $"{method}, not computed")) };
        if (info.Doubles("calib_glm_beta") is not [var slope, var intercept]) throw info.Fault("calib_glm_beta", "two numbers");
        return model with
        {
            Function = new PlattScaling((MojoPredictions)model.Function!, slope, intercept),
            Predictions = [.. model.Header.Classes, .. model.Header.Classes.Select(c => "cal_" + c)],
            Facts = model.Facts.Add(new("calibration", method)),
        };
    }
}

/// <summary>Platt scaling: a logistic regression on the probability of the first class. Both kinds of probabilities are told.</summary>
internal sealed class PlattScaling(MojoPredictions plain, double slope, double intercept) : MojoPredictions(plain.Margins, 4)
{
    public override PredictionFunction ForRounds(int rounds) => new PlattScaling((MojoPredictions)plain.ForRounds(rounds), slope, intercept);

    public override void Apply(ReadOnlySpan<double> margins, Span<double> predictions)
    {
        plain.Apply(margins, predictions[..2]);
        predictions[3] = 1 / (Math.Exp(-((predictions[0] * slope) + intercept)) + 1);
        predictions[2] = 1 - predictions[3];
    }
}
