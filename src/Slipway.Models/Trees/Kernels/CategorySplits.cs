using System.Runtime.InteropServices;
using Slipway.Models.Rows;

namespace Slipway.Models.Trees.Kernels;

/// <summary>The categorical splits of an ensemble as classes of categories: see <see cref="CategoryClasses"/>. Only while a kernel is made.</summary>
internal sealed class CategorySplits
{
    /// <summary>No larger tables of classes are made: they would take every category a set of its own, tens of thousands of them.</summary>
    private const long MaxTableBytes = 64 << 20;

    private readonly TreeEnsemble _ensemble;
    private readonly SplitColumns _splits;
    private readonly List<Column> _columns = [];

    /// <summary>What goes right at splits, each once, in the order of the splits.</summary>
    private readonly List<Membership> _memberships = [];

    /// <summary>By split, an index into <see cref="_memberships"/>; empty when there are no categorical splits.</summary>
    private readonly int[] _membershipOf = [];
    private readonly (int Group, int Classes)[] _encoded;

    /// <summary>Which small categories a feature's sets were found to have.</summary>
    private readonly bool[] _found;

    private CategorySplits(SplitColumns splits)
    {
        (_splits, _ensemble) = (splits, splits.Ensemble);
        if (_ensemble.HasCategoricalSplits) _membershipOf = FindMemberships();
        _encoded = new (int, int)[_memberships.Count];
        _found = new bool[_ensemble.HasCategoricalSplits ? 1 << 16 : 0];
    }

    /// <param name="Feature">Into the row.</param>
    /// <param name="Classes">Of the feature.</param>
    /// <param name="FirstGroup">The other groups follow.</param>
    public readonly record struct Column(int Feature, CategoryClasses Classes, int FirstGroup);

    public IReadOnlyList<Column> Columns => _columns;

    public int Groups { get; private set; }

    /// <returns>null when the tables would be too large.</returns>
    public static CategorySplits? TryCreate(SplitColumns columns)
    {
        var splits = new CategorySplits(columns);
        var order = splits.ByFeature();
        var bytes = 0L;
        for (var at = 0; at < order.Length;)
        {
            var feature = splits._memberships[order[at]].Feature;
            var end = at + 1;
            while (end < order.Length && splits._memberships[order[end]].Feature == feature) end++;
            if (!splits.TryEncode(feature, order.AsSpan(at..end), ref bytes)) return null;
            at = end;
        }
        return splits;
    }

    /// <summary>The split's group, and the classes of it that go right.</summary>
    public (int Group, int Classes) Of(int split) => _encoded[_membershipOf[split]];

    private bool TryEncode(int feature, ReadOnlySpan<int> memberships, ref long bytes)
    {
        var grouping = new CategoryGrouping(new CategoryPlaces(CategoriesOf(memberships)));
        var members = new int[memberships.Length][];
        for (var i = 0; i < memberships.Length; i++)
        {
            members[i] = MembersOf(_memberships[memberships[i]], grouping.Places);
            _encoded[memberships[i]].Group = grouping.Add(members[i]);
            if (bytes + ((long)grouping.Groups * grouping.Places.Count) > MaxTableBytes) return false;
        }
        bytes += (long)grouping.Groups * grouping.Places.Count;
        for (var i = 0; i < memberships.Length; i++)
        {
            ref var encoded = ref _encoded[memberships[i]];
            encoded = (Groups + encoded.Group, grouping.MaskOf(encoded.Group, members[i]));
        }
        _columns.Add(new Column(feature, grouping.Build(), Groups));
        Groups += grouping.Groups;
        return true;
    }

    /// <summary>Splits of one tree often share a set: what a set was last seen as is looked at before all others.</summary>
    private int[] FindMemberships()
    {
        var sets = EqualSets();
        var found = new Dictionary<(int Feature, int Set, bool Missing), int>();
        var last = new int[2 * sets.Length];
        last.AsSpan().Fill(-1);
        var membershipOf = new int[_splits.Features.Length];
        var features = _splits.Features.AsSpan();
        var categorySets = _splits.CategorySets.AsSpan();
        var defaultLeft = _splits.DefaultLeft.AsSpan();
        for (var split = 0; split < membershipOf.Length; split++)
        {
            if (categorySets[split] < 0) continue;
            var set = sets[categorySets[split]];
            var missing = !defaultLeft[split];
            ref var membership = ref last[(2 * set) + (missing ? 1 : 0)];
            if (membership < 0 || _memberships[membership].Feature != features[split])
            {
                var key = (features[split], set, missing);
                if (!found.TryGetValue(key, out membership))
                {
                    membership = _memberships.Count;
                    found.Add(key, membership);
                    _memberships.Add(new Membership(features[split], set, missing));
                }
            }
            membershipOf[split] = membership;
        }
        return membershipOf;
    }

    /// <summary>For each set the first that has the same categories.</summary>
    private int[] EqualSets()
    {
        var index = new ByteKeyIndex();
        var firsts = new List<int>();
        var sets = new int[_ensemble.CategorySetStarts.Length - 1];
        for (var set = 0; set < sets.Length; set++)
        {
            var key = MemoryMarshal.AsBytes(_ensemble.CategoriesOf(set));
            var known = index.Find(key);
            if (known < 0)
            {
                known = firsts.Count;
                index.Add(key.ToArray());
                firsts.Add(set);
            }
            sets[set] = firsts[known];
        }
        return sets;
    }

    /// <summary>The memberships feature by feature, in their order for each.</summary>
    private int[] ByFeature()
    {
        var keys = new long[_memberships.Count];
        var order = new int[keys.Length];
        for (var i = 0; i < order.Length; i++) (keys[i], order[i]) = (((long)_memberships[i].Feature << 32) + i, i);
        Array.Sort(keys, order);
        return order;
    }

    /// <returns>Ascending and distinct.</returns>
    private int[] CategoriesOf(ReadOnlySpan<int> memberships)
    {
        var found = new List<int>();
        foreach (var membership in memberships)
        {
            foreach (var category in _ensemble.CategoriesOf(_memberships[membership].Set))
            {
                if (category < _found.Length)
                {
                    if (_found[category]) continue;
                    _found[category] = true;
                }
                found.Add(category);
            }
        }
        found.Sort();
        var distinct = 0;
        for (var i = 0; i < found.Count; i++)
        {
            if (found[i] < _found.Length) _found[found[i]] = false;
            if (i == 0 || found[i] != found[distinct - 1]) found[distinct++] = found[i];
        }
        return [.. found[..distinct]];
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
}
