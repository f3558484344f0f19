using System.Globalization;
using System.Text;
using Slipway.Core;
using Slipway.Models.Rows;

namespace Slipway.Models.Trees.Features;

/// <summary>A feature whose values are the places of categories in a list. Numbers are looked up by value, so that <c>1</c> and <c>1.0</c> are one category; true and false also as <c>TRUE</c> or <c>True</c>.</summary>
internal sealed class CategoryColumn : FeatureColumn
{
    private readonly ByteKeyIndex _places = new();

    /// <summary>null when no category is a number.</summary>
    private readonly Dictionary<double, int>? _placesOfNumbers;

    /// <summary>In UTF-8; those that <see cref="_places"/> holds are not held twice.</summary>
    private readonly byte[][] _texts;

    /// <summary>By the order of arrival; empty when that is the place, as there are no equal ones.</summary>
    private readonly int[] _placeOf;
    private readonly double _unknown;
    private readonly double _false;
    private readonly double _true;

    /// <param name="categories">Their places are the feature's values; of equal ones the first counts.</param>
    /// <param name="unknown">The value for what is not in the list.</param>
    public CategoryColumn(string name, IReadOnlyList<string> categories, double unknown = double.NaN) : base(name)
    {
        _unknown = unknown;
        _texts = new byte[categories.Count][];
        var placeOf = new List<int>(categories.Count);
        for (var place = 0; place < categories.Count; place++)
        {
            var key = _texts[place] = Encoding.UTF8.GetBytes(categories[place]);
            if (_places.Find(key) >= 0) continue;
            _places.Add(key);
            placeOf.Add(place);
            if (double.TryParse(key, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) (_placesOfNumbers ??= []).TryAdd(number, place);
        }
        _placeOf = placeOf.Count == categories.Count ? [] : [.. placeOf];
        _placesOfNumbers?.TrimExcess();
        _false = PlaceOf(false, categories);
        _true = PlaceOf(true, categories);
    }

    public IReadOnlyList<string> Categories => Array.ConvertAll(_texts, Encoding.UTF8.GetString);

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

    private double PlaceOf(ReadOnlySpan<byte> text) => _places.Find(text) is >= 0 and var key ? _placeOf.Length == 0 ? key : _placeOf[key] : _unknown;

    private double PlaceOf(bool truth, IReadOnlyList<string> categories)
    {
        var name = truth ? bool.TrueString : bool.FalseString;
        for (var place = 0; place < categories.Count; place++)
        {
            if (categories[place].Equals(name, StringComparison.OrdinalIgnoreCase)) return place;
        }
        return PlaceOf(truth ? 1.0 : 0.0);
    }

    private double PlaceOf(double number) =>
        double.IsNaN(number) ? double.NaN : _placesOfNumbers is not null && _placesOfNumbers.TryGetValue(number, out var place) ? place : _unknown;
}
