using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Slipway.Core;
using Slipway.Models.Trees;

namespace Slipway.Models.Formats.LightGbm;

/// <summary>Reads the text format line by line: a header of <c>key=value</c>, trees that begin with <c>Tree=</c>, parameters, and the categories of pandas.</summary>
internal ref struct LightGbmTextReader(ReadOnlySpan<byte> file)
{
    private const int MaxValueInMessage = 60;

    private readonly LightGbmDocument _document = new();
    private readonly LightGbmTree _tree = new();
    private readonly GrowingArray<int> _boundaries = new();
    private ReadOnlySpan<byte> _rest = file;
    private ReadOnlySpan<byte> _line;
    private int _lineNumber;

    /// <param name="hasStatistics">Whether what training knew of the nodes is kept, too.</param>
    /// <exception cref="ModelException">The file is damaged.</exception>
    public TreeModelDefinition Read(bool hasStatistics = true)
    {
        ReadHeader();
        var trees = new LightGbmTrees(_document, hasStatistics);
        while (_line.StartsWith("Tree="u8))
        {
            var line = _lineNumber;
            try
            {
                var before = _rest.Length;
                ReadTree();
                trees.Add(_tree);
                // The others are probably like the first, and certainly not larger than the file.
                if (trees.Count == 1) trees.Expect((long)((2 * _tree.Leaves) - 1) * (before / Math.Max(1, before - _rest.Length)));
            }
            catch (ModelException e)
            {
                throw new ModelException($"line {line}: {e.Message}", e);
            }
        }
        if (_document.AnnouncedTrees >= 0 && trees.Count != _document.AnnouncedTrees) throw At($"{trees.Count} trees, but tree_sizes announces {_document.AnnouncedTrees}");
        ReadRest();
        return LightGbmImport.Import(_document, trees);
    }

    /// <summary>To the first tree, or to the end when there is none.</summary>
    private void ReadHeader()
    {
        while (NextLine() && !_line.StartsWith("Tree="u8) && !_line.StartsWith("end of trees"u8))
        {
            var value = Split(out var key);
            if (key.SequenceEqual("version"u8)) _document.Version = Encoding.UTF8.GetString(value);
            else if (key.SequenceEqual("num_class"u8)) _document.Classes = Count(key, value);
            else if (key.SequenceEqual("num_tree_per_iteration"u8)) _document.TreesPerIteration = Count(key, value);
            else if (key.SequenceEqual("max_feature_idx"u8)) _document.MaxFeatureIndex = Count(key, value);
            else if (key.SequenceEqual("objective"u8)) _document.Objective = Encoding.UTF8.GetString(value);
            else if (key.SequenceEqual("average_output"u8)) _document.AverageOutput = true;
            else if (key.SequenceEqual("feature_names"u8)) _document.FeatureNames = Names(value);
            else if (key.SequenceEqual("feature_infos"u8)) _document.FeatureInfos = Infos(value);
            else if (key.SequenceEqual("tree_sizes"u8)) _document.AnnouncedTrees = CountWords(value);
        }
    }

    /// <summary>From <c>Tree=</c> to the first line of what follows the tree.</summary>
    private void ReadTree()
    {
        _tree.Clear();
        _boundaries.Clear();
        while (NextLine() && _line.Length > 0 && !_line.StartsWith("Tree="u8))
        {
            var value = Split(out var key);
            try
            {
                ReadTreeLine(key, value);
            }
            catch (ModelException e)
            {
                throw new ModelException($"{Encoding.UTF8.GetString(key)}: {e.Message}", e);
            }
        }
        while (_line.Length == 0 && NextLine())
        {
        }
    }

    private readonly void ReadTreeLine(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (key.SequenceEqual("num_leaves"u8)) _tree.Leaves = LightGbmNumbers.ParseInteger(value);
        else if (key.SequenceEqual("split_feature"u8)) LightGbmNumbers.ReadIntegers(value, _tree.Features);
        else if (key.SequenceEqual("split_gain"u8)) LightGbmNumbers.ReadDoubles(value, _tree.Gains);
        else if (key.SequenceEqual("threshold"u8)) LightGbmNumbers.ReadDoubles(value, _tree.Thresholds);
        else if (key.SequenceEqual("decision_type"u8)) LightGbmNumbers.ReadIntegers(value, _tree.DecisionTypes);
        else if (key.SequenceEqual("left_child"u8)) LightGbmNumbers.ReadIntegers(value, _tree.LeftChildren);
        else if (key.SequenceEqual("right_child"u8)) LightGbmNumbers.ReadIntegers(value, _tree.RightChildren);
        else if (key.SequenceEqual("leaf_value"u8)) LightGbmNumbers.ReadDoubles(value, _tree.LeafValues);
        else if (key.SequenceEqual("leaf_count"u8)) LightGbmNumbers.ReadDoubles(value, _tree.LeafCounts);
        else if (key.SequenceEqual("internal_count"u8)) LightGbmNumbers.ReadDoubles(value, _tree.SplitCounts);
        else if (key.SequenceEqual("cat_boundaries"u8)) LightGbmNumbers.ReadIntegers(value, _boundaries);
        else if (key.SequenceEqual("cat_threshold"u8)) LightGbmNumbers.ReadBitSets(value, _boundaries.Items, _tree.SetStarts, _tree.Categories);
        else if (key.SequenceEqual("is_linear"u8)) _tree.IsLinear = LightGbmNumbers.ParseInteger(value) != 0;
        else if (key.SequenceEqual("leaf_const"u8)) LightGbmNumbers.ReadDoubles(value, _tree.LeafConstants);
        else if (key.SequenceEqual("num_features"u8)) LightGbmNumbers.ReadIntegers(value, _tree.TermCounts);
        else if (key.SequenceEqual("leaf_features"u8)) LightGbmNumbers.ReadIntegers(value, _tree.TermFeatures);
        else if (key.SequenceEqual("leaf_coeff"u8)) LightGbmNumbers.ReadDoubles(value, _tree.TermCoefficients);
    }

    /// <summary>What follows the trees. The last lines must be whole: without its categories a model would take texts for missing values.</summary>
    private void ReadRest()
    {
        var (endOfTrees, inParameters, ended) = (false, false, false);
        do
        {
            if (_line.SequenceEqual("end of trees"u8)) endOfTrees = true;
            else if (_line.SequenceEqual("parameters:"u8)) inParameters = true;
            else if (_line.SequenceEqual("end of parameters"u8)) (inParameters, ended) = (false, true);
            else if (inParameters) ReadParameter();
            else if (_line.StartsWith("pandas_categorical:"u8)) ReadPandasCategories(_line["pandas_categorical:"u8.Length..]);
            else if (ended && _line.Length > 0 && "pandas_categorical:"u8.StartsWith(_line)) throw At("the file ends too early");
        }
        while (NextLine());
        if (_document.IsSince(3) && !endOfTrees) throw At("the file ends too early: there is no 'end of trees'");
        if (_document.IsSince(3) && inParameters) throw At("the file ends too early: there is no 'end of parameters'");
    }

    /// <summary><c>[name: value]</c></summary>
    private readonly void ReadParameter()
    {
        if (_line is not [(byte)'[', .., (byte)']']) return;
        var parameter = _line[1..^1];
        var colon = parameter.IndexOf((byte)':');
        if (colon < 0) return;
        var name = parameter[..colon];
        var value = parameter[(colon + 1)..].Trim((byte)' ');
        if (name.SequenceEqual("boosting"u8)) _document.Boosting = Encoding.UTF8.GetString(value);
        else if (name.SequenceEqual("categorical_feature"u8)) _document.CategoricalFeatures = CategoricalFeatures(value);
    }

    /// <returns>null when they are not given by their index.</returns>
    private static ImmutableSortedSet<int>? CategoricalFeatures(ReadOnlySpan<byte> value)
    {
        var features = ImmutableSortedSet.CreateBuilder<int>();
        foreach (var range in value.Split((byte)','))
        {
            if (value[range].IsEmpty) continue;
            if (!int.TryParse(value[range], NumberStyles.None, CultureInfo.InvariantCulture, out var feature)) return null;
            features.Add(feature);
        }
        return features.ToImmutable();
    }

    private readonly void ReadPandasCategories(ReadOnlySpan<byte> json)
    {
        try
        {
            _document.PandasCategories = PandasCategories.Read(json);
        }
        catch (ModelException e)
        {
            throw At($"pandas_categorical: {e.Message}");
        }
    }

    private static ImmutableArray<string> Names(ReadOnlySpan<byte> value)
    {
        var names = ImmutableArray.CreateBuilder<string>(CountWords(value));
        while (LightGbmNumbers.NextWord(ref value, out var name)) names.Add(Encoding.UTF8.GetString(name));
        return names.MoveToImmutable();
    }

    /// <summary><c>none</c>, <c>[min:max]</c>, or the categories: <c>3:1:0</c>.</summary>
    private readonly FeatureInfo[] Infos(ReadOnlySpan<byte> value)
    {
        var infos = new FeatureInfo[CountWords(value)];
        foreach (ref var info in infos.AsSpan())
        {
            LightGbmNumbers.NextWord(ref value, out var word);
            if (word.SequenceEqual("none"u8)) continue;
            var isNumerical = word is [(byte)'[', .., (byte)']'];
            var numbers = isNumerical ? word[1..^1] : word;
            var (min, max) = (double.PositiveInfinity, double.NegativeInfinity);
            foreach (var range in numbers.Split((byte)':'))
            {
                double number;
                try
                {
                    number = LightGbmNumbers.ParseDouble(numbers[range]);
                }
                catch (ModelException e)
                {
                    throw At($"feature_infos: {e.Message}");
                }
                (min, max) = (Math.Min(min, number), Math.Max(max, number));
            }
            info = new FeatureInfo(isNumerical ? FeatureKind.Numerical : FeatureKind.Categorical, min, max);
        }
        return infos;
    }

    private static int CountWords(ReadOnlySpan<byte> value)
    {
        var count = 0;
        while (LightGbmNumbers.NextWord(ref value, out _)) count++;
        return count;
    }

    private readonly int Count(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count
            : throw At($"{Encoding.UTF8.GetString(key)} is '{Encoding.UTF8.GetString(value[..Math.Min(value.Length, MaxValueInMessage)])}', a count expected");

    /// <summary>The line's value; everything is key when there is no <c>=</c>.</summary>
    private readonly ReadOnlySpan<byte> Split(out ReadOnlySpan<byte> key)
    {
        var equals = _line.IndexOf((byte)'=');
        key = equals < 0 ? _line : _line[..equals];
        return equals < 0 ? default : _line[(equals + 1)..];
    }

    private bool NextLine()
    {
        if (_rest.IsEmpty)
        {
            _line = default;
            return false;
        }
        var length = _rest.IndexOf((byte)'\n');
        _line = length < 0 ? _rest : _rest[..length];
        _rest = length < 0 ? default : _rest[(length + 1)..];
        if (_line is [.., (byte)'\r']) _line = _line[..^1];
        _lineNumber++;
        return true;
    }

    private readonly ModelException At(string problem) => new($"line {_lineNumber}: {problem}");
}
