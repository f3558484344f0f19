using System.Globalization;
using Slipway.Core;

namespace Slipway.Models.Formats.H2O;

/// <summary>
/// H2O's one-hot layout: the categorical columns come first in a row, each with a block of places for its levels, and after the blocks the numbers.
/// </summary>
internal sealed class CategoryOffsets
{
    private readonly int[] _starts;
    private readonly int _firstLevel;

    private CategoryOffsets(int[] starts, int numbers, bool allLevels)
    {
        _starts = starts;
        _firstLevel = allLevels ? 0 : 1;
        Numbers = numbers;
    }

    /// <summary>Categorical columns.</summary>
    public int Categories => _starts.Length - 1;

    /// <summary>Number columns.</summary>
    public int Numbers { get; }

    /// <summary>Places of all blocks.</summary>
    public int Blocks => _starts[^1];

    /// <summary>Places of all blocks, and the numbers.</summary>
    public int Width => Blocks + Numbers;

    /// <exception cref="ModelException">The layout contradicts itself or the header.</exception>
    public static CategoryOffsets Read(MojoInfo info, MojoHeader header, bool allLevels, int before = 0)
    {
        var (categories, numbers) = (info.Int("cats"), info.Int("nums"));
        if (categories < 0 || numbers < 0 || before + (long)categories + numbers != header.Features) throw info.Fault("nums", $"{header.Features - before} together with cats, the features,");
        return Of(info, header, categories, numbers, allLevels, before);
    }

    /// <param name="before">Columns before the first category.</param>
    public static CategoryOffsets Of(MojoInfo info, MojoHeader header, int categories, int numbers, bool allLevels, int before)
    {
        var starts = info.Has("cat_offsets") ? info.Ints("cat_offsets") : [0];
        if (starts.Length == 0) starts = [0];
        if (starts.Length != categories + 1 || starts[0] != 0) throw info.Fault("cat_offsets", $"0 and {categories} more numbers");
        for (var c = 0; c < categories; c++)
        {
            if (starts[c + 1] < starts[c]) throw info.Fault("cat_offsets", "ascending numbers");
            if (!header.IsCategorical(before + c)) throw new ModelException($"column '{header.RowColumns[before + c]}' is one of the {categories} categorical ones, but has no domain");
            // A level of its own for missing values, and at most one more, are all that a domain does not have.
            if (starts[c + 1] - starts[c] > header.DomainOf(before + c).Length + 2) throw info.Fault("cat_offsets", $"no more places for '{header.RowColumns[before + c]}' than its levels");
        }
        return new CategoryOffsets(starts, numbers, allLevels);
    }

    /// <summary>The names of all places and numbers: <c>column.level</c>, <c>column.missing(NA)</c>, <c>column</c>.</summary>
    public string[] Names(MojoHeader header)
    {
        var names = new string?[Width];
        for (var c = 0; c < Categories; c++)
        {
            var levels = header.DomainOf(c);
            for (var level = 0; level < levels.Length; level++)
            {
                if (Place(c, level) is >= 0 and var place) names[place] = $"{header.RowColumns[c]}.{levels[level]}";
            }
            // The last place is a level's only in models without one for missing values.
            if (_starts[c + 1] > _starts[c]) names[_starts[c + 1] - 1] ??= $"{header.RowColumns[c]}.missing(NA)";
        }
        for (var i = 0; i < Numbers; i++) names[Blocks + i] = header.RowColumns[Categories + i];
        return [.. names.Select((name, i) => name ?? string.Create(CultureInfo.InvariantCulture, $"f{i}"))];
    }

    /// <summary>The place of a level in its block, as neural networks and boosters lay them out; -1 for a first level that has none.</summary>
    /// <param name="level">NaN and levels that training had not seen have the last place.</param>
    public int Place(int category, double level)
    {
        var (start, end) = (_starts[category], _starts[category + 1]);
        var place = double.IsNaN(level) ? int.MaxValue : (int)level - _firstLevel;
        return place < 0 || start == end ? -1 : Math.Min(start + Math.Min(place, end), end - 1);
    }

    /// <summary>The place of a level's coefficient, as linear models lay them out; -1 when it has none.</summary>
    public int Coefficient(int category, double level)
    {
        var place = (int)level - _firstLevel;
        return place < 0 || place + _starts[category] >= _starts[category + 1] ? -1 : place + _starts[category];
    }
}
