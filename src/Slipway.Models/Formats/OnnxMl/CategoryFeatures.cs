namespace Slipway.Models.Formats.OnnxMl;

/// <summary>
/// Features that are compared for equality: each has a second feature behind all others in a kernel's row, the place of its value among those it is compared
/// with, so that a test for equality is a categorical split.
/// </summary>
internal sealed class CategoryFeatures
{
    private readonly int _features;
    private readonly Dictionary<int, int> _columns = [];
    private readonly List<int> _sources = [];
    private readonly List<Dictionary<double, int>> _places = [];

    /// <param name="nodes">Of the ensemble.</param>
    /// <param name="features">Values in a row of inputs; more when splits look at more.</param>
    public CategoryFeatures(TreeNodes nodes, int features)
    {
        _features = features;
        for (var node = 0; node < nodes.Count; node++)
        {
            if (nodes.Modes[node] is NodeMode.Equal or NodeMode.NotEqual) Add(nodes.Features[node], nodes.Values[node]);
            else if (nodes.Modes[node] == NodeMode.Member)
            {
                foreach (var member in nodes.Members[node]) Add(nodes.Features[node], member);
            }
        }
    }

    /// <summary>Second features.</summary>
    public int Count => _sources.Count;

    /// <summary>The features whose values they have places for.</summary>
    public IReadOnlyList<int> Sources => _sources;

    /// <summary>The second feature of one that is compared for equality.</summary>
    public int ColumnOf(int feature) => _features + _columns[feature];

    public int PlaceOf(int feature, double value) => _places[_columns[feature]][value];

    /// <returns>The place of a value of the source of a second feature; -1 for others, NaN for NaN.</returns>
    public double Encode(int column, double value) =>
        double.IsNaN(value) ? double.NaN : _places[column].TryGetValue(value, out var place) ? place : -1;

    private void Add(int feature, double value)
    {
        if (!_columns.TryGetValue(feature, out var column))
        {
            column = _sources.Count;
            _columns.Add(feature, column);
            _sources.Add(feature);
            _places.Add([]);
        }
        // Nothing equals NaN. Both zeros are one key.
        if (!double.IsNaN(value)) _places[column].TryAdd(value, _places[column].Count);
    }
}
