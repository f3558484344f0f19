using System.Xml;
using Slipway.Core;
using Slipway.Models.Trees;
using Slipway.Models.Trees.Features;

namespace Slipway.Models.Formats.Pmml.Export;

/// <summary>
/// A model's features as fields: those that only categorical splits look at are categorical integers, the others are numbers. A feature that is split both ways
/// is a number, and has a derived field of its category beside it. All names in the document come from here, so that none is given twice.
/// </summary>
internal sealed class ExportedFields
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<int, string> _features = [];
    private readonly Dictionary<int, string> _categories = [];
    private readonly Dictionary<string, IReadOnlyList<string>> _texts = new(StringComparer.Ordinal);
    private readonly int[] _declared;

    /// <exception cref="ModelException">A feature's name cannot be one of a field.</exception>
    public ExportedFields(TreeModelDefinition definition)
    {
        var names = definition.FeatureNames;
        IsFloat = definition.IsFloat32;
        _declared = Declared(definition);
        foreach (var feature in _declared) _features.Add(feature, Declare(names.IsEmpty ? $"f{PmmlWriter.Number(feature)}" : names[feature], feature));
        foreach (var column in (definition.Encoder as ColumnEncoder)?.Columns ?? [])
        {
            if (column is CategoryColumn texts) _texts.Add(column.Name, texts.Categories);
        }
        if (definition.Trees is { HasCategoricalSplits: true } trees) FindCategories(trees);
    }

    /// <summary>Features are float32, so thresholds and other values of theirs are, too.</summary>
    public bool IsFloat { get; }

    public string NumberType => IsFloat ? "float" : "double";

    /// <summary>The data fields of the features, in order.</summary>
    public IEnumerable<string> Names => _declared.Select(f => _features[f]);

    /// <summary>The data field of a feature.</summary>
    public string this[int feature] => _features[feature];

    /// <summary>The fields that take texts, each one of a list.</summary>
    public IReadOnlySet<string> Texts => _texts.Keys.ToHashSet(StringComparer.Ordinal);

    /// <summary>The texts that a feature takes, in the order of the categories; null when it takes numbers.</summary>
    public IReadOnlyList<string>? TextsOf(int feature) => _texts.GetValueOrDefault(_features[feature]);

    /// <summary>The field that holds a feature's category, a whole number or a text.</summary>
    public string CategoryOf(int feature) => _categories[feature];

    /// <summary>The data fields of some features, or of the first where there are none: a mining schema must not be empty.</summary>
    public IEnumerable<string> NamesOf(int[] features) => features.Length > 0 ? features.Select(f => _features[f]) : Names.Take(1);

    /// <summary>Takes a name for a field that is no feature.</summary>
    /// <returns>The name, or one like it when it is taken.</returns>
    /// <exception cref="ModelException">XML does not know one of its characters.</exception>
    public string Reserve(string name)
    {
        CheckCharacters(name, "an output");
        var free = name;
        for (var i = 2; !_names.Add(free); i++) free = $"{name}_{PmmlWriter.Number(i)}";
        return free;
    }

    public void WriteDataFields(PmmlWriter writer)
    {
        foreach (var feature in _declared)
        {
            if (TextsOf(feature) is { } texts)
            {
                writer.Begin("DataField", ("name", _features[feature]), ("optype", "categorical"), ("dataType", "string"));
                foreach (var text in texts.Distinct(StringComparer.Ordinal)) writer.Element("Value", ("value", text));
                writer.End();
                continue;
            }
            var isCategory = _categories.TryGetValue(feature, out var category) && category == _features[feature];
            writer.Element("DataField", ("name", _features[feature]), ("optype", isCategory ? "categorical" : "continuous"), ("dataType", isCategory ? "integer" : NumberType));
        }
    }

    public void WriteDerivedFields(PmmlWriter writer)
    {
        var derived = _categories.Where(c => c.Value != _features[c.Key]).OrderBy(c => c.Key).ToArray();
        if (derived.Length == 0) return;
        writer.Begin("TransformationDictionary");
        foreach (var (feature, name) in derived)
        {
            writer.Begin("DerivedField", ("name", name), ("optype", "categorical"), ("dataType", "integer"));
            WriteCategory(writer, _features[feature]);
            writer.End();
        }
        writer.End();
    }

    /// <summary>A category is the whole part of a number; numbers that no category can be are none.</summary>
    private void WriteCategory(PmmlWriter writer, string field)
    {
        writer.Begin("Apply", ("function", "if"));
        writer.Begin("Apply", ("function", "and"));
        WriteComparison("greaterOrEqual", 0);
        WriteComparison("lessThan", TreeEnsembleBuilder.MaxCategory);
        writer.End();
        writer.Begin("Apply", ("function", "floor"));
        writer.FieldRef(field);
        writer.End();
        writer.Constant("integer", "-1");
        writer.End();

        void WriteComparison(string function, int bound)
        {
            writer.Begin("Apply", ("function", function));
            writer.FieldRef(field);
            writer.Constant(NumberType, PmmlWriter.Number(bound));
            writer.End();
        }
    }

    /// <summary>All that have a name; where they have none, for there are too many, those that are used.</summary>
    private static int[] Declared(TreeModelDefinition definition)
    {
        if (!definition.FeatureNames.IsEmpty) return [.. Enumerable.Range(0, definition.FeatureNames.Length)];
        if (definition.Linear is { } linear) return [.. Enumerable.Range(0, linear.FeatureCount)];
        return definition.Trees!.UsedFeatures() is { Length: > 0 } used ? used : [0];
    }

    private string Declare(string name, int feature)
    {
        if (name.Length == 0) throw new ModelException($"feature {feature} has an empty name, which no PMML field can have");
        CheckCharacters(name, $"feature {feature}");
        return _names.Add(name) ? name : throw new ModelException($"feature {feature} is named '{name}' as one before it; PMML fields need names of their own");
    }

    private static void CheckCharacters(string name, string owner)
    {
        try
        {
            XmlConvert.VerifyXmlChars(name);
        }
        catch (XmlException e)
        {
            throw new ModelException($"{owner} has a name with a character that XML does not know: {e.Message}", e);
        }
    }

    private void FindCategories(TreeEnsemble trees)
    {
        var ordered = new HashSet<int>();
        var categorical = new SortedSet<int>();
        for (var node = 0; node < trees.NodeCount; node++)
        {
            if (!trees.IsLeaf(node)) (trees.CategorySets[node] >= 0 ? categorical : (ISet<int>)ordered).Add(trees.Features[node]);
        }
        if (ordered.FirstOrDefault(f => TextsOf(f) is not null, -1) is >= 0 and var sorted) throw new ModelException($"feature '{_features[sorted]}' takes texts, but a split orders them");
        foreach (var feature in categorical) _categories.Add(feature, ordered.Contains(feature) ? Reserve($"{_features[feature]}_category") : _features[feature]);
    }
}
