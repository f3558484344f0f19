namespace Slipway.Models.Rows.Tables;

/// <summary>Records by group, the groups in the order in which they first appear, the records of each as they came.</summary>
/// <param name="keys">Cells in a key.</param>
internal sealed class Groups(int keys, int records)
{
    /// <summary>For each part of the key: the number of the parts before it, and the part, to a number.</summary>
    private readonly Dictionary<(int Before, double Part), int>[] _numbers = [.. Enumerable.Range(0, keys).Select(_ => new Dictionary<(int, double), int>())];
    private readonly int[] _groups = new int[records];
    private readonly List<int> _sizes = [];

    public int Largest { get; private set; }

    /// <summary>To be called for every record, in order, unless it is skipped.</summary>
    public void Add(int record, ReadOnlySpan<double> key)
    {
        var number = 0;
        for (var i = 0; i < key.Length; i++)
        {
            var numbers = _numbers[i];
            if (!numbers.TryGetValue((number, key[i]), out var next)) numbers.Add((number, key[i]), next = numbers.Count);
            number = next;
        }
        if (number == _sizes.Count) _sizes.Add(0);
        _groups[record] = number;
        Largest = Math.Max(Largest, ++_sizes[number]);
    }

    /// <summary>The record is in no group.</summary>
    public void Skip(int record) => _groups[record] = -1;

    public IEnumerable<Group> InOrder()
    {
        var first = new int[_sizes.Count + 1];
        for (var i = 0; i < _sizes.Count; i++) first[i + 1] = first[i] + _sizes[i];
        var sorted = new int[records];
        var next = first.AsSpan(0, _sizes.Count).ToArray();
        for (var record = 0; record < records; record++)
        {
            if (_groups[record] >= 0) sorted[next[_groups[record]]++] = record;
        }
        for (var i = 0; i < _sizes.Count; i++) yield return new Group(sorted, first[i], _sizes[i]);
    }
}

/// <summary>The records of a group.</summary>
internal readonly record struct Group(int[] Sorted, int First, int Count)
{
    public int Record(int index) => Sorted[First + index];
}
