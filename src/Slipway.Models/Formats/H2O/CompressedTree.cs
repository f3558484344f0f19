using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Models.Trees;

namespace Slipway.Models.Formats.H2O;

/// <summary>
/// One tree as H2O packs it, in preorder: for a split a byte of flags, the column, where missing values go, the threshold or the set of levels that go right, the size
/// of the left branch in 1 to 4 bytes unless that is a leaf, then both branches; for a leaf a float32. Beside it lies, since format 1.1, a file with
/// 40 bytes for each split: the weights, means and numbers of its branches. A model is read once, so what runs per node is compiled optimized at once.
/// </summary>
internal ref struct CompressedTree
{
    private const int NoColumn = ushort.MaxValue;
    private const int LeftBranchMask = 0b0011_0011;
    private const int SplitKindMask = 0b0000_1100;
    private const int ShortSetFlag = 0b0000_1000;
    private const int LongSetFlag = 0b0000_1100;
    private const int RightBranchMask = 0b1100_0000;
    private const int LeafFlag = 0b0001_0000;
    private const int LeafBranch = 0b0011_0000;
    private const int StatisticsBytes = 40;

    /// <summary>A numeric split with the size of its left branch and a leaf, in two.</summary>
    private const int BytesPerNode = 6;

    private readonly TreeEnsembleBuilder _builder;
    private readonly MojoHeader _header;
    private readonly Scratch _scratch;
    private readonly string _place;
    private readonly ReadOnlySpan<byte> _tree;
    private readonly ReadOnlySpan<byte> _statistics;
    private int _position;
    private int _splits;
    private int _nodes;

    private CompressedTree(TreeEnsembleBuilder builder, MojoHeader header, Scratch scratch, string place, ReadOnlySpan<byte> tree, ReadOnlySpan<byte> statistics)
    {
        _builder = builder;
        _header = header;
        _scratch = scratch;
        _place = place;
        _tree = tree;
        _statistics = statistics;
        _nodes = 1;
    }

    /// <summary>The most nodes that a tree can have.</summary>
    public static int MaxNodes(ReadOnlySpan<byte> tree, ReadOnlySpan<byte> statistics) =>
        Math.Min((tree.Length / 4) + 1, statistics.IsEmpty ? int.MaxValue : (2 * (statistics.Length / StatisticsBytes)) + 1);

    /// <summary>How many nodes a tree of this length most likely has: with statistics all that it has.</summary>
    /// <param name="tree">Bytes.</param>
    /// <param name="statistics">Bytes; 0 when there are none.</param>
    public static long ExpectedNodes(long tree, long statistics) => statistics > 0 ? (2 * (statistics / StatisticsBytes)) + 1 : (tree / BytesPerNode) + 1;

    /// <param name="builder">Has the tree opened, with room for <see cref="MaxNodes"/>.</param>
    /// <param name="place">The file's name, for messages.</param>
    /// <param name="statistics">Empty when there are none.</param>
    /// <exception cref="ModelException">The tree is damaged; the message names the byte.</exception>
    public static void Read(TreeEnsembleBuilder builder, MojoHeader header, Scratch scratch, string place, ReadOnlySpan<byte> tree, ReadOnlySpan<byte> statistics)
    {
        scratch.Rights.Clear();
        new CompressedTree(builder, header, scratch, place, tree, statistics).Read();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Read()
    {
        var branch = new Branch();
        do
        {
            if (branch.Start > 0 && branch.Start != _position) throw At($"the left branch ends here, but its size says {Text(branch.Start)}");
            // A split's left branch follows it; the right one waits until that is read.
            while (!branch.IsLeaf && ReadSplit(ref branch))
            {
            }
            if (branch.IsLeaf) AddLeaf(branch);
        }
        while (_scratch.Rights.TryPop(out branch));
        if (_position != _tree.Length) throw At($"the tree ends here, but the file has {Text(_tree.Length)} bytes");
        if (!_statistics.IsEmpty && _splits * StatisticsBytes != _statistics.Length) throw At($"the tree has {Text(_splits)} splits, but there are {Text(_statistics.Length)} bytes of statistics, {Text(StatisticsBytes)} a split expected");
    }

    /// <summary>Reads a node that its parent does not call a leaf, and goes on to its left branch. False when it is a leaf after all, and read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool ReadSplit(ref Branch node)
    {
        var head = Take(3, "a node");
        var (flags, column) = (head[0], BinaryPrimitives.ReadUInt16LittleEndian(head[1..]));
        if (column == NoColumn)
        {
            AddLeaf(node);
            return false;
        }
        if (column >= _header.Features) throw At($"the split is on column {Text(column)}, but there are {Text(_header.Features)}");
        var direction = (MissingDirection)Take(1, "a node")[0];
        var left = new Branch { Id = _nodes++, Leaf = -1, IsLeaf = (flags & LeafFlag) != 0 };
        var right = new Branch { Id = _nodes++, Leaf = -1, IsLeaf = (((flags & RightBranchMask) >> 2) & LeafFlag) != 0 };
        var missingLeft = direction is MissingDirection.SeenLeft or MissingDirection.Left;
        if (direction == MissingDirection.MissingAgainstRest) _builder.SplitAtMost(node.Id, column, double.PositiveInfinity, left.Id, right.Id, defaultLeft: false);
        else if ((flags & SplitKindMask) == 0) AddThreshold(node.Id, column, BitConverter.Int32BitsToSingle(Int32("a threshold")), left.Id, right.Id, missingLeft);
        else AddLevels(node.Id, column, flags & SplitKindMask, left.Id, right.Id, missingLeft);

        var leftBranch = flags & LeftBranchMask;
        if (left.IsLeaf ? leftBranch != LeafBranch : leftBranch > 3) throw At($"the node's flags are 0x{flags:X2}, which is no left branch");
        if (!left.IsLeaf) right.Start = BranchEnd(leftBranch + 1);
        if (!_statistics.IsEmpty) AddStatistics(node, ref left, ref right);
        _splits++;
        _scratch.Rights.Push(right);
        node = left;
        return true;
    }

    private readonly void AddThreshold(int node, int column, float threshold, int left, int right, bool missingLeft)
    {
        // Nothing is at or above NaN: every value goes left.
        if (float.IsNaN(threshold)) _builder.SplitAtMost(node, column, double.PositiveInfinity, left, right, missingLeft);
        else _builder.Split(node, column, threshold, left, right, missingLeft);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddLevels(int node, int column, int kind, int left, int right, bool missingLeft)
    {
        if (!_header.IsCategorical(column)) throw At($"the split is by levels, but column '{_header.RowColumns[column]}' has none");
        var bits = LevelSet(kind, out var first, out var count);
        var levels = _header.DomainOf(column).Length;
        // Since format 1.1 levels outside the set go where missing values go. The builder sends them left, so when that is not so, the branches change places.
        var exchanged = !missingLeft && _header.Version > 1.0 && (first > 0 || first + (long)count < levels);
        var chosen = _scratch.Levels;
        chosen.Clear();
        for (var bit = 0; bit < count && first + bit < levels; bit++)
        {
            if ((((bits[bit >> 3] >> (bit & 7)) & 1) != 0) != exchanged) chosen.Add(first + bit);
        }
        if (exchanged) _builder.CategoricalSplit(node, column, CollectionsMarshal.AsSpan(chosen), right, left, defaultLeft: true);
        else _builder.CategoricalSplit(node, column, CollectionsMarshal.AsSpan(chosen), left, right, missingLeft);
    }

    /// <summary>A bit for each of some levels: 1 goes right.</summary>
    /// <param name="first">The level of the first bit.</param>
    /// <param name="count">Bits.</param>
    private ReadOnlySpan<byte> LevelSet(int kind, out int first, out int count)
    {
        (first, count) = (0, 32);
        if (kind == ShortSetFlag) return Take(4, "a set of levels");
        if (kind != LongSetFlag) throw At("the split is of a kind that H2O no longer has");
        first = BinaryPrimitives.ReadUInt16LittleEndian(Take(2, "a set of levels"));
        count = _header.Version <= 1.1 ? 8 * BinaryPrimitives.ReadUInt16LittleEndian(Take(2, "a set of levels")) : Int32("a set of levels");
        if (count < 0) throw At($"a set of {Text(count)} levels");
        return Take((int)((count + 7L) / 8), "a set of levels");
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void AddStatistics(Branch node, ref Branch left, ref Branch right)
    {
        var at = _splits * StatisticsBytes;
        if (at + StatisticsBytes > _statistics.Length) throw At($"there are {Text(_statistics.Length)} bytes of statistics, {Text(StatisticsBytes)} a split expected");
        var record = _statistics.Slice(at, StatisticsBytes);
        var (leftWeight, rightWeight) = (Single(record, 8), Single(record, 12));
        var difference = Single(record, 16) - Single(record, 20);
        var weight = leftWeight + rightWeight;
        // By how much the split lowers the squared error; the file has the error of every node but the root.
        _builder.Statistics(node.Id, weight, weight > 0 ? leftWeight * rightWeight / weight * difference * difference : 0);
        (left.Leaf, left.Weight) = (BinaryPrimitives.ReadInt32LittleEndian(record[32..]), leftWeight);
        (right.Leaf, right.Weight) = (BinaryPrimitives.ReadInt32LittleEndian(record[36..]), rightWeight);

        static double Single(ReadOnlySpan<byte> record, int at) => BinaryPrimitives.ReadSingleLittleEndian(record[at..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddLeaf(Branch leaf)
    {
        _builder.Leaf(leaf.Id, BitConverter.Int32BitsToSingle(Int32("a leaf")), leaf.Leaf < 0 ? leaf.Id : leaf.Leaf);
        if (!_statistics.IsEmpty) _builder.Statistics(leaf.Id, leaf.Weight, 0);
    }

    /// <summary>Where the left branch ends that follows its size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int BranchEnd(int sizeBytes)
    {
        var size = 0u;
        var bytes = Take(sizeBytes, "a branch's size");
        for (var i = 0; i < bytes.Length; i++) size |= (uint)bytes[i] << (8 * i);
        return size <= (uint)(_tree.Length - _position) ? _position + (int)size : throw At($"a branch of {Text(size)} bytes, but {Text(_tree.Length - _position)} are left");
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Int32(string what) => BinaryPrimitives.ReadInt32LittleEndian(Take(4, what));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ReadOnlySpan<byte> Take(int count, string what)
    {
        if (count > _tree.Length - _position) throw At($"the file ends inside {what}");
        var bytes = _tree.Slice(_position, count);
        _position += count;
        return bytes;
    }

    private readonly ModelException At(string message) => new($"{_place}, byte {Text(_position)}: {message}");

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>What reading one tree after the other uses again.</summary>
    internal sealed class Scratch
    {
        /// <summary>Right branches that are still to be read.</summary>
        internal Stack<Branch> Rights { get; } = [];

        internal List<int> Levels { get; } = [];
    }

    internal struct Branch
    {
        public int Id;

        /// <summary>The number in H2O's own count; -1 when the file does not say.</summary>
        public int Leaf;
        public double Weight;
        public bool IsLeaf;

        /// <summary>The byte it begins at; 0 when nothing tells it in advance.</summary>
        public int Start;
    }

    /// <summary>Where missing values go (H2O's <c>NaSplitDir</c>).</summary>
    private enum MissingDirection : byte
    {
        /// <summary>Missing values right, all others left.</summary>
        MissingAgainstRest = 1,
        SeenLeft = 2,
        SeenRight = 3,
        Left = 4,
        Right = 5,
    }
}
