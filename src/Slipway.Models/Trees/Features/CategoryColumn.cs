using System.Globalization;
using System.Text;
using Slipway.Core;
using Slipway.Models.Rows;

namespace Slipway.Models.Trees.Features;

/// <summary>A feature whose values are the places of categories in a list. Numbers are looked up by value, so that <c>1</c> and <c>1.0</c> are one category; true and false also as <c>TRUE</c> or <c>True</c>.</summary>
internal sealed class CategoryColumn : FeatureColumn
{
    private readonly ByteKeyIndex _places = new();
    private readonly Dictionary<double, int> _placesOfNumbers = [];
    private readonly int[] _placeOf;
    private readonly double _unknown;
    private readonly double _false;
    private readonly double _true;

    /// <param name="categories">Their places are the feature's values; of equal ones the first counts.</param>
    /// <param name="unknown">The value for what is not in the list.</param>
    public CategoryColumn(string name, IReadOnlyList<string> categories, double unknown = double.NaN) : base(name)
    {
        Categories = categories;
        _unknown = unknown;
        var placeOf = new List<int>(categories.Count);
        for (var place = 0; place < categories.Count; place++)
        {
            var key = Encoding.UTF8.GetBytes(categories[place]);
            if (_places.Find(key) >= 0) continue;
            _places.Add(key);
            placeOf.Add(place);
            if (double.TryParse(key, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) _placesOfNumbers.TryAdd(number, place);
        }
        _placeOf = [.. placeOf];
        _false = PlaceOf(false);
        _true = PlaceOf(true);
    }

    public IReadOnlyList<string> Categories { get; }

    public override bool IsPlain => double.IsNaN(_unknown);

    public override TensorSpec Spec => new(Name, ElementType.Bytes, [-1], Optional: true, AnyType: true);

    public override void Encode<T>(Tensor column, int first, Span<T> values, int stride)
    {
        var (isText, isTruth) = (column.Type == ElementType.Bytes, column.Type == ElementType.Bool);
        var hasMissing = column.HasMissing;
        for (int at = 0, row = first; at < values.Length; at += stride, row++)
        {
            values[at] = hasMissing && column.IsMissing(row) ? T.NaN
                : T.CreateTruncating(isText ? PlaceOf(column.GetBytes(row)) : isTruth ? (column.NumberAt(row) != 0 ? _true : _false) : PlaceOf(column.NumberAt(row)));
        }
    }

    private double PlaceOf(ReadOnlySpan<byte> text) => _places.Find(text) is >= 0 and var key ? _placeOf[key] : _unknown;

    private double PlaceOf(bool truth)
    {
        var name = truth ? bool.TrueString : bool.FalseString;
        for (var place = 0; place < Categories.Count; place++)
        {
            if (Categories[place].Equals(name, StringComparison.OrdinalIgnoreCase)) return place;
        }
        return PlaceOf(truth ? 1.0 : 0.0);
    }

    private double PlaceOf(double number) =>
        double.IsNaN(number) ? double.NaN : _placesOfNumbers.TryGetValue(number, out var place) ? place : _unknown;
}
