using System.Diagnostics.CodeAnalysis;

namespace Slipway.Models.Trees.Kernels;

/// <summary>The categorical splits of an ensemble as classes of categories: see <see cref="CategoryClasses"/>. Only while a kernel is made.</summary>
internal sealed class CategorySplits
{
    /// <summary>No larger tables of classes are made: they would take every category a set of its own, tens of thousands of them.</summary>
    private const long MaxTableBytes = 64 << 20;

    private readonly TreeEnsemble _ensemble;
    private readonly List<Column> _columns = [];

    /// <summary>By set and default way.</summary>
    private readonly Dictionary<Membership, (int Group, int Classes)> _encoded;

    private CategorySplits(TreeEnsemble ensemble)
    {
        _ensemble = ensemble;
        _encoded = new(new SameMembers(ensemble));
    }

    /// <param name="Feature">Into the row.</param>
    /// <param name="Classes">Of the feature.</param>
    /// <param name="FirstGroup">The other groups follow.</param>
    public readonly record struct Column(int Feature, CategoryClasses Classes, int FirstGroup);

    public IReadOnlyList<Column> Columns => _columns;

    public int Groups { get; private set; }

    /// <returns>null when the tables would be too large.</returns>
    public static CategorySplits? TryCreate(TreeEnsemble ensemble)
    {
        var splits = new CategorySplits(ensemble);
        var bytes = 0L;
        foreach (var (feature, memberships) in splits.MembershipsByFeature())
        {
            var grouping = new CategoryGrouping(new CategoryPlaces(splits.CategoriesOf(memberships)));
            var groups = new int[memberships.Count];
            for (var i = 0; i < groups.Length; i++)
            {
                groups[i] = grouping.Add(splits.MembersOf(memberships[i], grouping.Places));
                if (bytes + ((long)grouping.Groups * grouping.Places.Count) > MaxTableBytes) return null;
            }
            bytes += (long)grouping.Groups * grouping.Places.Count;
            for (var i = 0; i < groups.Length; i++)
            {
                var classes = grouping.MaskOf(groups[i], splits.MembersOf(memberships[i], grouping.Places));
                splits._encoded[memberships[i]] = (splits.Groups + groups[i], classes);
            }
            splits._columns.Add(new Column(feature, grouping.Build(), splits.Groups));
            splits.Groups += grouping.Groups;
        }
        return splits;
    }

    /// <summary>The split's group, and the classes of it that go right.</summary>
    public (int Group, int Classes) Of(int node) => _encoded[MembershipAt(node)];

    private Membership MembershipAt(int node) => new(_ensemble.Features[node], _ensemble.CategorySets[node], !_ensemble.DefaultLeft[node]);

    private SortedDictionary<int, List<Membership>> MembershipsByFeature()
    {
        var byFeature = new SortedDictionary<int, List<Membership>>();
        if (!_ensemble.HasCategoricalSplits) return byFeature;
        for (var node = 0; node < _ensemble.NodeCount; node++)
        {
            if (_ensemble.CategorySets[node] < 0) continue;
            var membership = MembershipAt(node);
            if (!_encoded.TryAdd(membership, default)) continue;
            if (!byFeature.TryGetValue(membership.Feature, out var memberships)) byFeature.Add(membership.Feature, memberships = []);
            memberships.Add(membership);
        }
        return byFeature;
    }

    private int[] CategoriesOf(List<Membership> memberships)
    {
        var categories = new HashSet<int>();
        foreach (var membership in memberships)
        {
            foreach (var category in _ensemble.CategoriesOf(membership.Set)) categories.Add(category);
        }
        var ascending = categories.ToArray();
        ascending.AsSpan().Sort();
        return ascending;
    }

    private int[] MembersOf(Membership membership, CategoryPlaces places)
    {
        var categories = _ensemble.CategoriesOf(membership.Set);
        var members = new int[categories.Length + (membership.Missing ? 1 : 0)];
        for (var i = 0; i < categories.Length; i++) members[i] = places.Of(categories[i]);
        if (membership.Missing) members[^1] = places.Missing;
        return members;
    }

    /// <summary>What goes right at a split.</summary>
    /// <param name="Feature">Of the split.</param>
    /// <param name="Set">The categories.</param>
    /// <param name="Missing">Whether missing values do.</param>
    private readonly record struct Membership(int Feature, int Set, bool Missing);

    private sealed class SameMembers(TreeEnsemble ensemble) : IEqualityComparer<Membership>
    {
        public bool Equals(Membership x, Membership y) =>
            x.Feature == y.Feature && x.Missing == y.Missing && (x.Set == y.Set || ensemble.CategoriesOf(x.Set).SequenceEqual(ensemble.CategoriesOf(y.Set)));

        public int GetHashCode([DisallowNull] Membership membership)
        {
            var hash = new HashCode();
            hash.Add(membership.Feature);
            hash.Add(membership.Missing);
            foreach (var category in ensemble.CategoriesOf(membership.Set)) hash.Add(category);
            return hash.ToHashCode();
        }
    }
}
