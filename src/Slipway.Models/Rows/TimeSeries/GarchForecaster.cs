namespace Slipway.Models.Rows.TimeSeries;

/// <summary>
/// An ARMA model whose errors have a variance that changes (Bollerslev 1986): σ²ₜ = ω + Σ αᵢ ε²ₜ₋ᵢ + Σ βⱼ σ²ₜ₋ⱼ. Later squares are expected to be their variances;
/// a forecast's error is the sum of the errors since, as far as they are still in the value.
/// </summary>
/// <param name="constant">ω.</param>
/// <param name="alpha">Of the squared errors, that of the last first.</param>
/// <param name="beta">Of the variances, that of the last first.</param>
/// <param name="errors">The last ones, oldest first; as many as <paramref name="alpha"/> at least.</param>
/// <param name="known">Their variances, oldest first; as many as <paramref name="beta"/> at least.</param>
internal sealed class GarchForecaster(ArimaForecaster mean, double constant, double[] alpha, double[] beta, double[] errors, double[] known) : Forecaster
{
    /// <summary>Every forecast adds up the variances of all before it.</summary>
    private const long SumOfVariances = 100_000;

    public override bool HasVariance => true;

    public override long WorkPerStep => mean.WorkPerStep + alpha.Length + beta.Length + (mean.HasMemory ? SumOfVariances : 0);

    public override void Forecast(Span<double> means, Span<double> variances)
    {
        mean.Forecast(means, []);
        if (variances.IsEmpty) return;
        var conditional = new double[variances.Length];
        for (var step = 0; step < conditional.Length; step++) conditional[step] = Next(constant, alpha, beta, errors, known, conditional.AsSpan(0, step));
        if (!mean.HasMemory)
        {
            conditional.CopyTo(variances);
            return;
        }
        var psi = mean.Responses(variances.Length);
        for (var step = 0; step < psi.Length; step++)
        {
            double sum = 0;
            for (var back = 0; back <= step; back++) sum += psi[back] * psi[back] * conditional[step - back];
            variances[step] = sum;
        }
    }

    /// <summary>The variances of errors that are known; before the first they and their variances count as the mean square.</summary>
    /// <param name="first">The first that is an error.</param>
    public static double[] Variances(double constant, double[] alpha, double[] beta, double[] errors, int first)
    {
        var variances = new double[errors.Length];
        double squares = 0;
        foreach (var error in errors.AsSpan(first)) squares += error * error;
        var before = squares / (errors.Length - first);
        variances.AsSpan(0, first).Fill(before);
        for (var at = first; at < variances.Length; at++)
        {
            var variance = constant;
            for (var i = 1; i <= alpha.Length; i++) variance += alpha[i - 1] * (at - i >= first ? errors[at - i] * errors[at - i] : before);
            for (var i = 1; i <= beta.Length; i++) variance += beta[i - 1] * (at - i >= first ? variances[at - i] : before);
            variances[at] = variance;
        }
        return variances;
    }

    /// <param name="since">The variances after the known ones.</param>
    private static double Next(double constant, double[] alpha, double[] beta, double[] errors, double[] known, ReadOnlySpan<double> since)
    {
        var variance = constant;
        for (var i = 1; i <= alpha.Length; i++) variance += alpha[i - 1] * (i <= since.Length ? since[^i] : errors[^(i - since.Length)] * errors[^(i - since.Length)]);
        for (var i = 1; i <= beta.Length; i++) variance += beta[i - 1] * (i <= since.Length ? since[^i] : known[^(i - since.Length)]);
        return variance;
    }
}
