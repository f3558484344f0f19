using System.Collections.Immutable;
using System.Globalization;
using Slipway.Core;
using Slipway.Models.Trees.Features;

namespace Slipway.Models.Formats.ScikitLearn;

/// <summary>Rows of float32, of which infinite values are refused, and missing ones where scikit-learn refuses them: it would not predict such rows either.</summary>
internal sealed class FiniteMatrixEncoder(int features, ImmutableArray<string> names, string estimator, bool takesMissing) : FeatureEncoder(features)
{
    private readonly MatrixEncoder _matrix = new(features);

    public override void Encode<T>(Batch inputs, int first, Span<T> rows)
    {
        _matrix.Encode(inputs, first, rows);
        for (var i = 0; i < rows.Length; i++)
        {
            if (!T.IsFinite(rows[i]) && !(takesMissing && T.IsNaN(rows[i]))) throw Refusal(first + (i / Features), i % Features, T.IsNaN(rows[i]));
        }
    }

    private RecordException Refusal(int row, int feature, bool isMissing)
    {
        var name = feature < names.Length ? names[feature] : feature.ToString(CultureInfo.InvariantCulture);
        return new RecordException(row, isMissing
            ? $"feature '{name}' is missing, and this {estimator} takes no missing values: fill them before the model"
            : $"feature '{name}' is infinite or beyond float32, which scikit-learn's {estimator} refuses");
    }
}
