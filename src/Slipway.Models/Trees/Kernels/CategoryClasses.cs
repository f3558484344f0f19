using System.Runtime.CompilerServices;

namespace Slipway.Models.Trees.Kernels;

/// <summary>Where the categories that a feature's splits name stand in tables. After them come a place for all other values and one for missing ones.</summary>
internal sealed class CategoryPlaces
{
    /// <summary>A direct table has at most so many places for each category, and some more.</summary>
    private const long PlacesPerCategory = 8;
    private const long MorePlaces = 1024;

    private readonly int _least;

    /// <summary>When the categories are too far apart for a direct table: all of them; their index is their place.</summary>
    private readonly int[]? _sparse;

    /// <param name="categories">Ascending and distinct.</param>
    public CategoryPlaces(int[] categories)
    {
        if (categories.Length == 0)
        {
            Count = 2;
            return;
        }
        _least = categories[0];
        var span = categories[^1] - (long)_least + 1;
        if (span > (PlacesPerCategory * categories.Length) + MorePlaces)
        {
            _sparse = categories;
            span = categories.Length;
        }
        Count = (int)span + 2;
    }

    public int Count { get; }

    public int Others => Count - 2;

    public int Missing => Count - 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Of(double value)
    {
        if (!(value >= 0 && value <= int.MaxValue)) return double.IsNaN(value) ? Missing : Others;
        return _sparse is null ? (int)Math.Min((uint)(double.ConvertToIntegerNative<int>(value) - _least), (uint)Others) : SparseOf(double.ConvertToIntegerNative<int>(value));
    }

    private int SparseOf(int category)
    {
        var place = _sparse.AsSpan().BinarySearch(category);
        return place < 0 ? Others : place;
    }
}

/// <summary>
/// The categories of one feature by what its splits tell apart. Splits are in groups; all categories that the sets of a group treat alike are one class
/// of the group, and so few that a set of classes fits a node's bound.
/// </summary>
/// <param name="places">Where categories stand.</param>
/// <param name="classes">For each group the class of every place.</param>
internal sealed class CategoryClasses(CategoryPlaces places, byte[] classes)
{
    public int Groups { get; } = classes.Length / places.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int PlaceOf(double value) => places.Of(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ClassOf(int group, int place) => classes[(group * places.Count) + place];
}

/// <summary>Finds the <see cref="CategoryClasses"/> of a feature: every set joins a group that still has few enough classes with it.</summary>
internal sealed class CategoryGrouping(CategoryPlaces places)
{
    /// <summary>Bit 31 would make masks negative.</summary>
    private const int MaxClasses = 31;

    /// <summary>So many of the latest groups are tried before a new one is opened.</summary>
    private const int MaxTries = 4;

    private readonly List<Group> _groups = [];

    public CategoryPlaces Places { get; } = places;

    public int Groups => _groups.Count;

    /// <param name="members">Places, distinct.</param>
    /// <returns>The group that the set joined.</returns>
    public int Add(ReadOnlySpan<int> members)
    {
        for (var group = _groups.Count - 1; group >= Math.Max(0, _groups.Count - MaxTries); group--)
        {
            if (_groups[group].TryRefine(members)) return group;
        }
        var opened = new Group(Places.Count);
        opened.TryRefine(members);
        _groups.Add(opened);
        return _groups.Count - 1;
    }

    /// <summary>The classes of a set that was added, as bits. Only when all sets have been.</summary>
    public int MaskOf(int group, ReadOnlySpan<int> members)
    {
        var mask = 0;
        foreach (var member in members) mask |= 1 << _groups[group].Classes[member];
        return mask;
    }

    public CategoryClasses Build()
    {
        var classes = new byte[_groups.Count * Places.Count];
        for (var group = 0; group < _groups.Count; group++) _groups[group].Classes.CopyTo(classes.AsSpan(group * Places.Count));
        return new CategoryClasses(Places, classes);
    }

    private sealed class Group
    {
        private readonly int[] _sizes = new int[MaxClasses];
        private int _count = 1;

        public Group(int places)
        {
            Classes = new byte[places];
            _sizes[0] = places;
        }

        public byte[] Classes { get; }

        /// <summary>Splits every class of which the set has a part, unless that makes too many.</summary>
        public bool TryRefine(ReadOnlySpan<int> members)
        {
            Span<int> hits = stackalloc int[MaxClasses];
            hits.Clear();
            foreach (var member in members) hits[Classes[member]]++;
            var parts = 0;
            for (var c = 0; c < _count; c++) parts += hits[c] > 0 && hits[c] < _sizes[c] ? 1 : 0;
            if (_count + parts > MaxClasses) return false;
            Span<byte> into = stackalloc byte[MaxClasses];
            for (int c = 0, known = _count; c < known; c++)
            {
                into[c] = (byte)c;
                if (hits[c] == 0 || hits[c] == _sizes[c]) continue;
                into[c] = (byte)_count;
                _sizes[_count++] = hits[c];
                _sizes[c] -= hits[c];
            }
            foreach (var member in members) Classes[member] = into[Classes[member]];
            return true;
        }
    }
}
