using System.Globalization;
using Slipway.Core;

namespace Slipway.Models.Formats.ScikitLearn;

/// <summary>A fitted scikit-learn object as data: its class and its attributes, under scikit-learn's names, from a pickle or from JSON.</summary>
internal sealed class Estimator
{
    private readonly MapDatum _attributes;

    private Estimator(string className, MapDatum attributes, string place, ReadingScope scope, LibraryVersion version)
    {
        ClassName = className;
        _attributes = attributes;
        Place = place;
        Scope = scope;
        // Whoever looks an attribute up passes by the others.
        scope.Take(attributes.Entries.Count, place);
        Version = attributes.Find("_sklearn_version"u8) is TextDatum written ? LibraryVersion.Parse(written.Value) : version;
    }

    /// <summary>With its modules: <c>sklearn.ensemble._forest.RandomForestClassifier</c>.</summary>
    public string ClassName { get; }

    /// <summary>Without its modules.</summary>
    public string Name => ClassName[(ClassName.LastIndexOf('.') + 1)..];

    /// <summary>Where it stands in the file, as Python would reach it.</summary>
    public string Place { get; }

    public ReadingScope Scope { get; }

    /// <summary>Of scikit-learn when it wrote the object; <see cref="LibraryVersion.None"/> when the file does not say.</summary>
    public LibraryVersion Version { get; }

    public bool IsScikitLearn => ClassName.StartsWith("sklearn.", StringComparison.Ordinal);

    /// <summary>The object that a value stands for; null when it is none.</summary>
    /// <param name="version">Where the object itself does not tell.</param>
    public static Estimator? Of(Datum? datum, string place, ReadingScope scope, LibraryVersion version) => datum switch
    {
        ObjectDatum { Class: { } type } made => new Estimator(type.QualifiedName, StateOf(made), place, scope, version),
        MapDatum map when map.Find("class"u8) is TextDatum name => new Estimator(name.Value, map, place, scope, version),
        _ => null,
    };

    public Datum? Find(string name) => _attributes.Find(name) is { } value and not NoneDatum ? value : null;

    public bool Has(string name) => Find(name) is not null;

    public string? Text(string name) => (Find(name) as TextDatum)?.Value;

    /// <exception cref="ModelException">There is none.</exception>
    public double Number(string name) => TryNumber(name) ?? throw At(name, "a number");

    public double? TryNumber(string name) => Labels.NumberOf(Find(name)) ?? (NumpyArray.Of(Find(name)) is { Count: 1 } single && single.Type.Kind != 'O' ? single.Numbers()[0] : null);

    public int? TryInteger(string name) => TryNumber(name) is { } number && number == Math.Floor(number) && Math.Abs(number) <= int.MaxValue ? (int)number : null;

    /// <exception cref="ModelException">There is none.</exception>
    public int Integer(string name) => TryInteger(name) ?? throw At(name, "an integer");

    /// <exception cref="ModelException">They are none.</exception>
    public double[] Numbers(string name) => NumbersOf(Find(name)) ?? throw At(name, "a list of numbers");

    public double[]? TryNumbers(string name) => NumbersOf(Find(name));

    /// <summary>Values as Python prints them; null when there are none.</summary>
    /// <exception cref="ModelException">They are something else.</exception>
    public string[]? TryTexts(string name) => Find(name) is { } value ? TextsOf(value) ?? throw At(name, "a list of texts or numbers") : null;

    /// <summary>The items of a list, or of an array of objects.</summary>
    /// <exception cref="ModelException">It is none.</exception>
    public IReadOnlyList<Datum> Items(string name) => ItemsOf(Find(name)) ?? throw At(name, "a list");

    /// <exception cref="ModelException">It is none.</exception>
    public Estimator Member(string name) => Of(Find(name), $"{Place}.{name}", Scope, Version) ?? throw At(name, "an object");

    public Estimator? TryMember(string name) => Of(Find(name), $"{Place}.{name}", Scope, Version);

    /// <summary>The objects in a list, or in an array of any number of dimensions, row by row.</summary>
    /// <exception cref="ModelException">There is something else among them.</exception>
    public Estimator[] Members(string name)
    {
        var items = Items(name);
        var members = new Estimator[items.Count];
        for (var i = 0; i < members.Length; i++)
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"{Place}.{name}[{i}]");
            members[i] = Of(items[i], place, Scope, Version) ?? throw new ModelException($"{place}: an object expected, {items[i].Kind} found");
        }
        return members;
    }

    public static double[]? NumbersOf(Datum? datum)
    {
        if (datum is NumbersDatum numbers) return numbers.Values();
        if (NumpyArray.Of(datum) is { } array) return array.Numbers();
        if (datum is not ListDatum list) return null;
        var values = new double[list.Items.Count];
        for (var i = 0; i < values.Length; i++)
        {
            if (Labels.NumberOf(list.Items[i]) is not { } number) return null;
            values[i] = number;
        }
        return values;
    }

    public static IReadOnlyList<Datum>? ItemsOf(Datum? datum) =>
        datum is ListDatum list ? list.Items : NumpyArray.Of(datum) is { Type.Kind: 'O' } array ? array.Objects : null;

    public static string[]? TextsOf(Datum datum)
    {
        if (NumpyArray.Of(datum) is { } array) return array.Texts();
        if (datum is NumbersDatum numbers) return Array.ConvertAll(numbers.Values(), Labels.TextOf);
        if (datum is not ListDatum list) return null;
        var texts = new string[list.Items.Count];
        for (var i = 0; i < texts.Length; i++)
        {
            if (Labels.TextOf(list.Items[i]) is not { } text) return null;
            texts[i] = text;
        }
        return texts;
    }

    public ModelException At(string name, string expected) => new($"{Place}.{name}: {expected} expected, {Find(name)?.Kind ?? "nothing"} found");

    private static MapDatum StateOf(ObjectDatum made) => made.State switch
    {
        MapDatum map => map,
        // (dictionary, slots)
        ListDatum { Items: [MapDatum map, MapDatum or NoneDatum] } => map,
        _ => new MapDatum(),
    };
}

/// <summary>
/// What may still be taken up. A pickle can name one tree many times over: a reader that followed every reference could be made to work and allocate without
/// end. No honest file makes more of its bytes than this.
/// </summary>
internal sealed class ReadingScope(long bytes, bool hasStatistics = true)
{
    /// <summary>That a node of a tree takes at least.</summary>
    public const int BytesPerNode = 8;

    private long _left = bytes + (1 << 16);

    /// <summary>That trees can still have.</summary>
    public int MostNodes => (int)Math.Clamp(_left / BytesPerNode, 0, Array.MaxLength);

    /// <summary>Whether what training knew of the nodes of trees is read, too.</summary>
    public bool HasStatistics => hasStatistics;

    /// <exception cref="ModelException">More is asked for than the file can hold.</exception>
    public void Take(long bytes, string place)
    {
        _left -= bytes;
        if (_left < 0) throw new ModelException($"{place}: the file has more trees than its size has room for: it names the same ones again and again");
    }
}

/// <summary>A version of scikit-learn; compares by major and minor.</summary>
internal readonly record struct LibraryVersion(int Major, int Minor, string Text)
{
    public static LibraryVersion None { get; } = new(0, 0, "");

    public static LibraryVersion Parse(string text)
    {
        var parts = text.Split('.', 3);
        return parts.Length >= 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major) && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
            ? new LibraryVersion(major, minor, text)
            : None;
    }

    public bool IsSince(int major, int minor) => (Major, Minor).CompareTo((major, minor)) >= 0;

    public override string ToString() => Text;
}
