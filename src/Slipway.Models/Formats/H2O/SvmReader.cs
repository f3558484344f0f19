using Slipway.Models.Trees.Kernels;

namespace Slipway.Models.Formats.H2O;

/// <summary>Linear support vector machines that Sparkling Water trained with Spark.</summary>
internal static class SvmReader
{
    public static MojoModel Read(MojoInfo info, MojoHeader header)
    {
        var (weights, means) = (info.Doubles("weights"), info.Doubles("means"));
        var imputes = info.Bool("meanImputation", false);
        if (weights.Length != header.Features) throw info.Fault("weights", $"{header.Features} numbers");
        if (imputes && means.Length < header.Features) throw info.Fault("means", $"{header.Features} numbers");
        if (header.Classes.Length > 2) throw info.Fault("category", "Binomial or Regression");
        return new MojoModel(header)
        {
            Kernel = new SvmKernel(header, weights, imputes ? means : [], info.Double("interceptor", 0)),
            Function = header.IsClassifier ? new SvmPredictions(info.Double("threshold", 0), info.Double("defaultThreshold", 0)) : null,
            Threshold = header.IsClassifier ? info.Double("defaultThreshold", 0) : double.NaN,
        };
    }
}

/// <summary>The intercept and Σ weight × value.</summary>
internal sealed class SvmKernel(MojoHeader header, double[] weights, double[] means, double intercept) : MarginKernel<double>(header.RowColumns.Length, 1)
{
    protected override void ScoreRows(ReadOnlySpan<double> rows, int rowLength, Span<double> margins, int count)
    {
        for (var r = 0; r < count; r++)
        {
            var row = rows.Slice(r * rowLength, weights.Length);
            var sum = intercept;
            for (var i = 0; i < row.Length; i++) sum += (double.IsNaN(row[i]) && means.Length > 0 ? means[i] : row[i]) * weights[i];
            margins[r] = sum;
        }
    }
}

/// <summary>Two scores that differ by 1, kept on the side of the default threshold that the threshold says. They are no probabilities.</summary>
internal sealed class SvmPredictions(double threshold, double defaultThreshold) : MojoPredictions(1, 2)
{
    public override void Apply(ReadOnlySpan<double> margins, Span<double> predictions)
    {
        var score = margins[0];
        if (score > threshold)
        {
            predictions[1] = score < defaultThreshold ? defaultThreshold : score;
            predictions[0] = predictions[1] - 1;
        }
        else
        {
            predictions[1] = score >= defaultThreshold ? defaultThreshold - 1 : score;
            predictions[0] = predictions[1] + 1;
        }
    }
}
