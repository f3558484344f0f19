using System.Numerics;
using Slipway.Core;
using Slipway.Models.Trees.Features;

namespace Slipway.Models.Formats.LightGbm;

/// <summary>What LightGBM makes of a feature's number before a split looks at it.</summary>
internal abstract class FeatureRule
{
    /// <summary>Values no further from 0 are 0: LightGBM's <c>kZeroThreshold</c>.</summary>
    public const double ZeroThreshold = 1e-35f;

    public abstract double Apply(double value);

    /// <summary>The places of numeric categories in the list that pandas trained on; other numbers are missing.</summary>
    public sealed class Codes(PandasCategories categories) : FeatureRule
    {
        private readonly Dictionary<double, int> _codes = categories.CodesOfNumbers();

        public override double Apply(double value) => !double.IsNaN(value) && _codes.TryGetValue(value, out var code) ? code : double.NaN;
    }

    /// <summary>0 is missing.</summary>
    public sealed class ZeroIsMissing : FeatureRule
    {
        public override double Apply(double value) => Math.Abs(value) <= ZeroThreshold ? double.NaN : value;
    }

    /// <summary>Categories are truncated, so that what is above -1 is of category 0.</summary>
    public sealed class TruncatesToZero : FeatureRule
    {
        public override double Apply(double value) => value is > -1 and < 0 ? 0 : value;
    }
}

/// <summary>Rows of one matrix input, with rules for some of its features.</summary>
/// <param name="rules">By feature; null where the number counts as it stands.</param>
internal sealed class RuledMatrixEncoder(FeatureRule?[] rules) : FeatureEncoder(rules.Length)
{
    private readonly MatrixEncoder _matrix = new(rules.Length);
    private readonly (int Feature, FeatureRule Rule)[] _rules = [.. rules.Index().Where(r => r.Item is not null).Select(r => (r.Index, r.Item!))];

    public override void Encode<T>(Batch inputs, int first, Span<T> rows)
    {
        _matrix.Encode(inputs, first, rows);
        foreach (var (feature, rule) in _rules)
        {
            for (var at = feature; at < rows.Length; at += Features) rows[at] = T.CreateTruncating(rule.Apply(double.CreateTruncating(rows[at])));
        }
    }
}

/// <summary>A feature that is a number, with a rule for it.</summary>
internal sealed class RuledColumn(string name, FeatureRule rule) : FeatureColumn(name)
{
    private readonly NumberColumn _numbers = new(name);

    public override TensorSpec Spec => _numbers.Spec;

    public override void Encode<T>(Tensor column, int first, Span<T> values, int stride)
    {
        _numbers.Encode(column, first, values, stride);
        for (var at = 0; at < values.Length; at += stride) values[at] = T.CreateTruncating(rule.Apply(double.CreateTruncating(values[at])));
    }
}
