using System.Numerics;

namespace Slipway.Models.Formats.OnnxMl;

/// <summary>
/// Features that are compared for equality: each has a second feature behind all others in a kernel's row, the place of its value among those it is compared
/// with, so that a test for equality is a categorical split.
/// </summary>
internal sealed class CategoryFeatures
{
    private readonly int _features;
    private readonly Dictionary<(int Feature, bool Truncates), int> _columns = [];
    private readonly List<(int Feature, bool Truncates)> _sources = [];
    private readonly List<Dictionary<double, int>> _places = [];

    /// <param name="nodes">Of the ensemble.</param>
    /// <param name="features">Values in a row of inputs; more when splits look at more.</param>
    public CategoryFeatures(TreeNodes nodes, int features)
    {
        _features = features;
        for (var node = 0; node < nodes.Count; node++)
        {
            if (nodes.Modes[node] is NodeMode.Equal or NodeMode.NotEqual) Add((nodes.Features[node], false), nodes.Values[node]);
            else if (nodes.Modes[node] == NodeMode.Member)
            {
                foreach (var member in nodes.Members[node]) Add((nodes.Features[node], Truncates(nodes.Members[node])), member);
            }
        }
    }

    /// <summary>Second features.</summary>
    public int Count => _sources.Count;

    /// <summary>The features whose values they have places for.</summary>
    public IEnumerable<int> Sources => _sources.Select(s => s.Feature);

    /// <summary>ONNX Runtime compares with small sets number by number; of a value that it looks for in another set, it takes the whole part.</summary>
    public static bool Truncates(double[] members)
    {
        const int MostSmall = 30;
        return members.Length > MostSmall || members.AsSpan().ContainsAnyExceptInRange(0, MostSmall);
    }

    /// <summary>The second feature of one that is compared for equality.</summary>
    public int ColumnOf(int feature, bool truncates) => _features + _columns[(feature, truncates)];

    public int PlaceOf(int feature, bool truncates, double value) => _places[_columns[(feature, truncates)]][value];

    /// <summary>Fills the second features of rows whose others are there.</summary>
    public void Encode<T>(Span<T> rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var row = 0; row < rows.Length; row += _features + Count)
        {
            for (var c = 0; c < Count; c++)
            {
                var (feature, truncates) = _sources[c];
                var value = double.CreateTruncating(rows[row + feature]);
                rows[row + _features + c] = double.IsNaN(value) ? T.NaN : _places[c].TryGetValue(truncates ? Math.Truncate(value) : value, out var place) ? T.CreateTruncating(place) : T.NegativeOne;
            }
        }
    }

    private void Add((int Feature, bool Truncates) source, double value)
    {
        if (!_columns.TryGetValue(source, out var column))
        {
            column = _sources.Count;
            _columns.Add(source, column);
            _sources.Add(source);
            _places.Add([]);
        }
        // Nothing equals NaN. Both zeros are one key.
        if (!double.IsNaN(value)) _places[column].TryAdd(value, _places[column].Count);
    }
}
