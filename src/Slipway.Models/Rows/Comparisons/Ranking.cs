namespace Slipway.Models.Rows.Comparisons;

/// <summary>The best points so far, best first; of equals the earlier ones.</summary>
/// <param name="affinities">As many as are kept.</param>
/// <param name="points">Their numbers.</param>
internal ref struct Ranking(Measure measure, Span<double> affinities, Span<double> points)
{
    private readonly Span<double> _affinities = affinities;
    private readonly Span<double> _points = points;
    private int _count;

    /// <summary>How many were kept: fewer than there is room for when fewer were offered.</summary>
    public readonly int Count => _count;

    /// <summary>Offers neighbouring points, the first of which has the number <paramref name="first"/>.</summary>
    public void Offer(int first, scoped ReadOnlySpan<double> affinities)
    {
        for (var i = 0; i < affinities.Length; i++)
        {
            var affinity = affinities[i];
            if (_count == _affinities.Length && !(_count > 0 && measure.IsBetter(affinity, _affinities[_count - 1]))) continue;
            if (double.IsNaN(affinity)) continue;
            Insert(first + i, affinity);
        }
    }

    private void Insert(int point, double affinity)
    {
        if (_count < _affinities.Length) _count++;
        var at = _count - 1;
        for (; at > 0 && measure.IsBetter(affinity, _affinities[at - 1]); at--)
        {
            _affinities[at] = _affinities[at - 1];
            _points[at] = _points[at - 1];
        }
        _affinities[at] = affinity;
        _points[at] = point;
    }
}
