using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Slipway.Core;
using Slipway.Models.Trees;

namespace Slipway.Models.Formats.CatBoost;

/// <summary>Checks what a file says and makes a library-neutral model of it.</summary>
internal sealed class CatBoostImport
{
    /// <summary>What users write where a category is missing, in the order in which it is looked for in the model.</summary>
    private static readonly string[] MissingCategories = ["nan", "", "None", "<NA>", "NaN"];

    /// <summary>Names in the names of CTRs are cut: a file may say a long one in many of them.</summary>
    private const int MaxNameInName = 60;
    private const int MaxPartsInName = 8;

    private readonly CatBoostDocument _document;
    private readonly Dictionary<int, int> _numberOf = [];
    private readonly Dictionary<int, int> _categoryOf = [];
    private readonly ImmutableArray<string> _numbers;
    private readonly ImmutableArray<string> _categories;
    private readonly List<string> _unsupported;

    private CatBoostImport(CatBoostDocument document)
    {
        _document = document;
        _unsupported = [.. document.Unsupported];
        if (document.HasEstimatedFeatures && _unsupported.Count == 0) _unsupported.Add("splits by features that are computed from texts or embeddings");
        for (var i = 0; i < document.FloatFeatures.Count; i++) AddIndex(_numberOf, document.FloatFeatures[i].Index, i, "float");
        for (var i = 0; i < document.CategoricalFeatures.Count; i++) AddIndex(_categoryOf, document.CategoricalFeatures[i].Index, i, "categorical");
        _numbers = [.. document.FloatFeatures.Select(f => NameOf(f.Name, f.FlatIndex))];
        _categories = [.. document.CategoricalFeatures.Select(f => NameOf(f.Name, f.FlatIndex))];
    }

    /// <exception cref="ModelException">The document contradicts itself.</exception>
    public static TreeModelDefinition Import(CatBoostDocument document) => new CatBoostImport(document).Import();

    private TreeModelDefinition Import()
    {
        if (_numbers.IsEmpty && _categories.IsEmpty && _unsupported.Count == 0) throw new ModelException("the model has no features");
        if (_document.Dimensions < 1 || _document.Dimensions > Math.Max(1, _document.LeafValues.Length)) throw new ModelException($"leaves of {_document.Dimensions} values, but there are {_document.LeafValues.Length} values");
        var parameters = CatBoostParameters.Of(_document.Info);
        var objective = CatBoostObjective.Of(parameters, _document.Dimensions);
        var definition = new TreeModelDefinition(SignatureOf(objective), objective.Transform)
        {
            Function = objective.Function,
            Labels = objective.Labels,
            ScaleAndBias = ScaleAndBias(),
            Facts = CatBoostFacts.Of(_document, parameters, _numbers, _categories),
        };
        var oneHots = OneHots();
        var ctrs = Ctrs(oneHots.Length, out var ctrColumn, out var names);
        if (_unsupported.Count > 0) return definition with { Unsupported = [.. _unsupported] };
        var encoder = new CatBoostEncoder(_numbers, Categories(oneHots), oneHots, ctrs);
        var trees = CatBoostTrees.Build(_document, new SplitTable(_document, oneHots, ctrColumn), encoder.Features);
        return definition with
        {
            Trees = trees,
            Encoder = _categories.IsEmpty && !_numbers.IsEmpty ? null : encoder,
            ContributionFeatures = _categories.IsEmpty ? null : new CatBoostContributions(_document, _numbers, _categories, _numberOf, _categoryOf).Of(oneHots, ctrColumn),
            FeatureNames = [.. _numbers, .. oneHots.Select(o => _categories[o.Category]), .. names],
        };
    }

    private ScaleAndBias? ScaleAndBias()
    {
        var bias = _document.Bias;
        if (bias.Length == 0) bias = new double[_document.Dimensions];
        if (bias.Length != _document.Dimensions) throw new ModelException($"{bias.Length} biases for {_document.Dimensions} dimensions");
        if (!double.IsFinite(_document.Scale) || !bias.All(double.IsFinite)) throw new ModelException("scale or bias is not a finite number");
        return _document.Scale == 1 && bias.All(b => b == 0) ? null : new ScaleAndBias(_document.Scale, [.. bias]);
    }

    private ImmutableArray<OneHotColumn> OneHots() =>
        [.. _document.OneHotFeatures.Select((feature, i) => new OneHotColumn(CategoryOf(feature.CategoricalFeature, $"one-hot feature {i}"), feature.Values))];

    /// <summary>CTRs by projection and table, each with the column it is computed to.</summary>
    private ImmutableArray<CtrColumns> Ctrs(int oneHots, out int[] columnOf, out ImmutableArray<string> names)
    {
        var features = _document.CtrFeatures;
        columnOf = new int[features.Count];
        var columns = ImmutableArray.CreateBuilder<CtrColumns>();
        var named = ImmutableArray.CreateBuilder<string>();
        var column = _numbers.Length + oneHots;
        foreach (var sameProjection in Enumerable.Range(0, features.Count).GroupBy(i => features[i].Projection.Key))
        {
            var groups = ImmutableArray.CreateBuilder<CtrGroup>();
            foreach (var sameTable in sameProjection.GroupBy(i => features[i].TableKey))
            {
                var group = ImmutableArray.CreateBuilder<(CtrFeature, int)>();
                foreach (var i in sameTable)
                {
                    columnOf[i] = column;
                    group.Add((features[i], column++));
                    named.Add(NameOf(features[i], i));
                }
                if (TableOf(sameTable.First()) is { } table) groups.Add(new CtrGroup(table, group.ToImmutable()));
                foreach (var i in sameTable) Check(i);
            }
            columns.Add(Columns(features[sameProjection.First()].Projection, sameProjection.First(), groups.ToImmutable()));
        }
        names = named.ToImmutable();
        return columns.ToImmutable();
    }

    private CtrColumns Columns(CtrProjection projection, int feature, ImmutableArray<CtrGroup> groups)
    {
        var owner = $"CTR feature {feature}";
        return new CtrColumns(
            [.. projection.Categories.Select(c => CategoryOf(c, owner))],
            [.. projection.FloatSplits.Select(s => new NumberTest(NumberOf(s.Feature, owner), s.Border, _document.FloatFeatures[NumberOf(s.Feature, owner)].NanIsAbove))],
            [.. projection.OneHotSplits.Select(s => new CategoryTest(CategoryOf(s.Feature, owner), s.Value))],
            groups);
    }

    private CtrTable? TableOf(int feature)
    {
        if (_document.CtrTables.TryGetValue(_document.CtrFeatures[feature].TableKey, out var table)) return table;
        _unsupported.Add($"CTR feature {feature}: the file holds no counts for it (saved with final_ctr_computation_mode=Skip?)");
        return null;
    }

    private void Check(int feature)
    {
        var ctr = _document.CtrFeatures[feature];
        if (!_document.CtrTables.TryGetValue(ctr.TableKey, out var table)) return;
        var (expected, classes) = ctr.Type switch
        {
            CtrType.Borders => (table.Width >= 2, table.Width - 1),
            CtrType.Buckets => (true, table.Width),
            CtrType.Counter or CtrType.FeatureFreq => (table.Width == 1, int.MaxValue),
            _ => (table.Width == 2, int.MaxValue),
        };
        if (!expected) throw new ModelException($"CTR feature {feature}: {ctr.Type} with {table.Width} counts a bucket");
        if ((uint)ctr.TargetBorder >= (uint)classes) throw new ModelException($"CTR feature {feature}: target border {ctr.TargetBorder}, but there are {table.Width} target classes");
    }

    private ImmutableArray<CategoryInput> Categories(ImmutableArray<OneHotColumn> oneHots) =>
        [.. _categories.Select((name, i) => (name, i)).GroupJoin(KnownValues(oneHots), c => c.i, k => k.Category, (c, known) => new CategoryInput(c.name, MissingHash([.. known.Select(k => k.Knows)])))];

    /// <summary>Which hashes each category is known to have had in training.</summary>
    private IEnumerable<(int Category, Func<int, bool> Knows)> KnownValues(ImmutableArray<OneHotColumn> oneHots)
    {
        foreach (var oneHot in oneHots) yield return (oneHot.Category, hash => oneHot.PlaceOf(hash) >= 0);
        foreach (var feature in _document.CtrFeatures)
        {
            if (feature.Projection is { Categories: [var index], FloatSplits: [], OneHotSplits: [] } && _document.CtrTables.TryGetValue(feature.TableKey, out var table))
            {
                yield return (_categoryOf[index], hash => table.Find(CtrHash.Combine(0, hash)) >= 0);
            }
        }
    }

    /// <summary>
    /// CatBoost itself takes no missing categories from data frames: users replace them by a text. It is the first usual one that the model knows as a value
    /// of the feature; "nan", as missing values print, when it knows none.
    /// </summary>
    private static int MissingHash(IReadOnlyList<Func<int, bool>> known)
    {
        foreach (var text in MissingCategories)
        {
            var hash = CtrHash.OfCategory(Encoding.UTF8.GetBytes(text));
            foreach (var knows in known)
            {
                if (knows(hash)) return hash;
            }
        }
        return CtrHash.OfCategory("nan"u8);
    }

    /// <summary>A matrix of float32 when all features are numbers, else a column for each feature, in the order of the training data.</summary>
    private Signature SignatureOf(CatBoostObjective objective)
    {
        ImmutableArray<TensorSpec> inputs;
        var order = _document.FloatFeatures.Select((f, i) => (f.FlatIndex, Name: _numbers[i], IsNumber: true, Place: i))
            .Concat(_document.CategoricalFeatures.Select((f, i) => (f.FlatIndex, Name: _categories[i], IsNumber: false, Place: i))).OrderBy(f => f.FlatIndex).ToList();
        if (_categories.IsEmpty && !_numbers.IsEmpty)
        {
            for (var i = 0; i < order.Count; i++)
            {
                if (order[i].Place != i) throw new ModelException($"float feature {i} is not in the order of the flat indices");
            }
            inputs = [new TensorSpec("input", ElementType.Float32, [-1, _numbers.Length], Optional: true, _numbers)];
        }
        else
        {
            var names = new HashSet<string>();
            foreach (var (_, name, _, _) in order)
            {
                if (!names.Add(name)) throw new ModelException($"two features are called '{name}'");
            }
            inputs = [.. order.Select(f => f.IsNumber
                ? new TensorSpec(f.Name, ElementType.Float64, [-1], Optional: true)
                : new TensorSpec(f.Name, ElementType.Bytes, [-1], Optional: true, AnyType: true))];
        }
        var predictions = objective.Columns.IsEmpty
            ? new TensorSpec("prediction", ElementType.Float64, [-1])
            : new TensorSpec(objective.IsClassification ? "probability" : "prediction", ElementType.Float64, [-1, objective.Columns.Length], Columns: objective.Columns);
        return new Signature(inputs, objective.Labels is null ? [predictions] : [new TensorSpec("label", ElementType.Bytes, [-1]), predictions]);
    }

    private string NameOf(CtrFeature feature, int number)
    {
        var projection = feature.Projection;
        var owner = $"CTR feature {number}";
        var parts = projection.Categories.Select(c => Cut(_categories[CategoryOf(c, owner)]))
            .Concat(projection.FloatSplits.Select(s => string.Create(CultureInfo.InvariantCulture, $"{Cut(_numbers[NumberOf(s.Feature, owner)])} > {s.Border}")))
            .Concat(projection.OneHotSplits.Select(s => string.Create(CultureInfo.InvariantCulture, $"{Cut(_categories[CategoryOf(s.Feature, owner)])} = #{s.Value}")))
            .Take(MaxPartsInName);
        return string.Create(CultureInfo.InvariantCulture, $"{feature.Type}({string.Join(", ", parts)}; prior {feature.PriorNumerator}/{feature.PriorDenominator}, border {feature.TargetBorder})");
    }

    private static string Cut(string name) => name.Length <= MaxNameInName ? name : string.Concat(name.AsSpan(0, MaxNameInName), "…");

    private int NumberOf(int index, string owner) =>
        _numberOf.TryGetValue(index, out var number) ? number : throw new ModelException($"{owner}: there is no float feature {index}");

    private int CategoryOf(int index, string owner) =>
        _categoryOf.TryGetValue(index, out var category) ? category : throw new ModelException($"{owner}: there is no categorical feature {index}");

    /// <summary>Without a name a feature goes by its place in the training data, as in CatBoost's own lists.</summary>
    private static string NameOf(string name, int flatIndex) => name.Length > 0 ? name : flatIndex.ToString(CultureInfo.InvariantCulture);

    private static void AddIndex(Dictionary<int, int> map, int index, int place, string kind)
    {
        if (!map.TryAdd(index, place)) throw new ModelException($"two {kind} features have the index {index}");
    }
}
