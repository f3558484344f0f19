using System.Collections.Immutable;
using System.Globalization;
using Slipway.Core;
using Slipway.Models.Trees.Features;

namespace Slipway.Models.Formats.ScikitLearn;

/// <summary>
/// The inputs of histogram boosting. Since scikit-learn 1.4 it encodes categories itself: they are numbered by their place in a list, and their columns come
/// before the others. What is not in the list is missing.
/// </summary>
/// <param name="Inputs">One matrix, or with texts among the categories a column for each feature.</param>
/// <param name="Encoder">null when trees read the matrix as it stands.</param>
/// <param name="FeatureNames">As trees number features.</param>
internal sealed record HistogramInputs(ImmutableArray<TensorSpec> Inputs, FeatureEncoder? Encoder, ImmutableArray<string> FeatureNames)
{
    /// <exception cref="ModelException">The lists of categories are damaged.</exception>
    public static HistogramInputs Of(Estimator estimator, ModelShape shape)
    {
        if (CategoriesOf(estimator) is not { } categories) return new HistogramInputs([shape.Input(ElementType.Float64, takesMissing: true)], null, shape.FeatureNames);
        var isCategorical = estimator.Numbers("is_categorical_");
        if (isCategorical.Length != shape.Features || isCategorical.Count(c => c != 0) != categories.Count) throw new ModelException($"{estimator.Place}.is_categorical_: {isCategorical.Count(c => c != 0)} of {isCategorical.Length} features, but there are lists of categories for {categories.Count} of {shape.Features}");
        var order = Enumerable.Range(0, shape.Features).OrderBy(f => isCategorical[f] != 0 ? 0 : 1).ToArray();
        var names = order.Select(f => f < shape.FeatureNames.Length ? shape.FeatureNames[f] : $"x{f.ToString(CultureInfo.InvariantCulture)}").ToImmutableArray();
        var numbers = categories.Select(NumbersIn).ToArray();
        if (Array.TrueForAll(numbers, n => n is not null)) return new HistogramInputs([shape.Input(ElementType.Float64, takesMissing: true)], new NumberedMatrixEncoder(order, numbers!), names);
        var columns = ImmutableArray.CreateBuilder<FeatureColumn>(order.Length);
        for (var i = 0; i < order.Length; i++) columns.Add(i < categories.Count ? new CategoryColumn(names[i], Texts(estimator, categories[i])) : new NumberColumn(names[i]));
        var specs = new TensorSpec[order.Length];
        for (var i = 0; i < order.Length; i++) specs[order[i]] = columns[i].Spec;
        return new HistogramInputs([.. specs], new ColumnEncoder(columns.ToImmutable()), names);
    }

    /// <summary>A list for each categorical feature; null when trees take the values as they are.</summary>
    private static List<Datum>? CategoriesOf(Estimator estimator)
    {
        // The export script writes the lists alone.
        if (estimator.Has("categories")) return [.. estimator.Items("categories").Select(c => NumpyArray.Of(c) ?? c)];
        if (estimator.TryMember("_preprocessor") is not { } preprocessor) return null;
        foreach (var item in preprocessor.Items("transformers_"))
        {
            // (name, transformer, columns)
            if (item is not ListDatum { Items: [TextDatum { Value: "encoder" }, var made, ..] } || Estimator.Of(made, $"{preprocessor.Place}.encoder", estimator.Scope, estimator.Version) is not { } encoder) continue;
            return [.. encoder.Items("categories_").Select(c => NumpyArray.Of(c) ?? c)];
        }
        throw preprocessor.At("transformers_", "an encoder of categories");
    }

    /// <summary>Categories that are numbers; null when they are texts.</summary>
    private static double[]? NumbersIn(Datum categories)
    {
        if (Estimator.ItemsOf(categories) is not { } items) return categories is NumpyArray { Type.Kind: 'U' or 'S' } ? null : Estimator.NumbersOf(categories);
        var seen = Seen(items);
        return seen.Exists(item => item is TextDatum || Labels.NumberOf(item) is null) ? null : [.. seen.Select(item => Labels.NumberOf(item)!.Value)];
    }

    private static List<string> Texts(Estimator estimator, Datum categories)
    {
        if (Estimator.ItemsOf(categories) is not { } items) return [.. Estimator.TextsOf(categories) ?? throw new ModelException($"{estimator.Place}: a list of categories expected, {categories.Kind} found")];
        return Seen(items).ConvertAll(item => Labels.TextOf(item) ?? throw new ModelException($"{estimator.Place}: a category is {item.Kind}"));
    }

    /// <summary>Without the missing value that stands last where training saw one.</summary>
    private static List<Datum> Seen(IReadOnlyList<Datum> items)
    {
        var seen = items.ToList();
        if (seen is [.., NoneDatum or RealDatum { Value: double.NaN }] || (seen is [not TextDatum, .., TextDatum { Value: "NaN" }])) seen.RemoveAt(seen.Count - 1);
        return seen;
    }
}

/// <summary>A matrix whose categories are numbers: they become their places in a list, in front of the other columns.</summary>
/// <param name="order">Of each feature of the trees the column of the matrix.</param>
/// <param name="categories">Of the first features of the trees.</param>
internal sealed class NumberedMatrixEncoder(int[] order, double[][] categories) : FeatureEncoder(order.Length)
{
    private readonly Dictionary<double, int>[] _places = [.. categories.Select(PlacesOf)];

    public override void Encode<T>(Batch inputs, int first, Span<T> rows)
    {
        var matrix = inputs[0];
        var values = matrix.Values<double>();
        var hasMissing = matrix.HasMissing;
        for (int at = 0, from = first * Features; at < rows.Length; at += Features, from += Features)
        {
            for (var f = 0; f < order.Length; f++)
            {
                var value = hasMissing && matrix.IsMissing(from + order[f]) ? double.NaN : values[from + order[f]];
                if (f < _places.Length) value = !double.IsNaN(value) && _places[f].TryGetValue(value, out var place) ? place : double.NaN;
                rows[at + f] = T.CreateTruncating(value);
            }
        }
    }

    private static Dictionary<double, int> PlacesOf(double[] values)
    {
        var places = new Dictionary<double, int>(values.Length);
        for (var place = 0; place < values.Length; place++)
        {
            if (!double.IsNaN(values[place])) places.TryAdd(values[place], place);
        }
        return places;
    }
}
