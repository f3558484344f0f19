using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Models.Formats.H2O;

/// <summary>Extended isolation forests, whose splits are hyperplanes (Hariri, Kind and Brunner, Extended Isolation Forest, 2018).</summary>
internal static class ExtendedIsolationForestReader
{
    public static MojoModel Read(MojoArchive archive, MojoInfo info, MojoHeader header)
    {
        var (count, sample) = (info.Int("ntrees"), info.Int("sample_size"));
        if (count < 1) throw info.Fault("ntrees", "at least 1");
        var trees = new List<ObliqueTree>();
        var buffer = Array.Empty<byte>();
        for (var t = 0; t < count; t++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"trees/t{t:00}.bin");
            trees.Add(ObliqueTree.Read(archive.Read(name, ref buffer), archive.PathOf(name), header.Features));
        }
        return new MojoModel(header)
        {
            Kernel = new ObliqueForestKernel(header, [.. trees]),
            Function = new ExtendedIsolationForestPredictions(count, ObliqueTree.AveragePath(sample)),
            Predictions = ["anomaly_score", "mean_length"],
            Facts = [new("trees", count.ToString(CultureInfo.InvariantCulture)), new("nodes", trees.Sum(t => (long)t.Nodes).ToString(CultureInfo.InvariantCulture)), new("sample size", sample.ToString(CultureInfo.InvariantCulture))],
        };
    }
}

/// <summary>
/// The children of node i are 2i + 1 and 2i + 2. A split is a normal and a point of its plane; a row goes left where (row − point) · normal is not above 0.
/// A leaf holds the rows of training that came there.
/// </summary>
internal sealed class ObliqueTree
{
    private const byte Split = (byte)'N';
    private const byte Leaf = (byte)'L';

    private readonly List<Node> _nodes = [];
    private readonly List<double> _planes = [];

    public int Nodes => _nodes.Count;

    /// <exception cref="ModelException">The file is damaged; the message names the byte.</exception>
    public static ObliqueTree Read(ReadOnlySpan<byte> file, string place, int features)
    {
        var tree = new ObliqueTree();
        if (file.Length < 4 || BinaryPrimitives.ReadInt32LittleEndian(file) is var columns && columns != features) throw new ModelException($"{place}: does not begin with the number of columns, {features}");
        var places = new Dictionary<int, int>();
        var position = 4;
        // What follows the last node is not used.
        while (position + 9 <= file.Length && file[position + 4] is Split or Leaf)
        {
            var number = BinaryPrimitives.ReadInt32LittleEndian(file[position..]);
            if (!places.TryAdd(number, tree._nodes.Count)) throw new ModelException($"{place}, byte {position}: node {number} is there already");
            position = tree.Add(file, position + 4, place, features);
        }
        tree.Link(places, place);
        return tree;
    }

    /// <summary>The mean length of a search without success in a binary tree of so many rows.</summary>
    public static double AveragePath(int rows) => rows switch
    {
        < 2 => 0,
        2 => 1,
        _ => (2 * (Math.Log(rows - 1.0) + 0.5772156649)) - (2.0 * (rows - 1.0) / rows),
    };

    /// <summary>The splits above the row's leaf, and the mean length of the paths below, had the tree been grown on.</summary>
    public double PathLength(ReadOnlySpan<double> row)
    {
        var (node, height) = (_nodes[0], 0);
        var planes = CollectionsMarshal.AsSpan(_planes);
        while (node.Left >= 0)
        {
            var normal = planes.Slice(node.Plane, row.Length);
            var point = planes.Slice(node.Plane + row.Length, row.Length);
            var sum = 0.0;
            for (var i = 0; i < row.Length; i++) sum += (row[i] - point[i]) * normal[i];
            node = _nodes[sum <= 0 ? node.Left : node.Right];
            height++;
        }
        return height + node.Remaining;
    }

    private int Add(ReadOnlySpan<byte> file, int position, string place, int features)
    {
        if (file[position++] == Leaf)
        {
            _nodes.Add(new Node(-1, -1, -1, AveragePath(BinaryPrimitives.ReadInt32LittleEndian(file[position..]))));
            return position + 4;
        }
        var values = 2 * features;
        if (file.Length - position < 8 * values) throw new ModelException($"{place}, byte {position}: the file ends inside a split");
        _nodes.Add(new Node(0, 0, _planes.Count, 0));
        for (var i = 0; i < values; i++) _planes.Add(BinaryPrimitives.ReadDoubleLittleEndian(file[(position + (8 * i))..]));
        return position + (8 * values);
    }

    private void Link(Dictionary<int, int> places, string place)
    {
        if (!places.TryGetValue(0, out var root) || root != 0) throw new ModelException($"{place}: the first node is not 0, the root");
        foreach (var (number, at) in places)
        {
            if (_nodes[at].Left < 0) continue;
            // A child lies behind its parent, so that every path ends.
            if (!places.TryGetValue((2 * number) + 1, out var left) || !places.TryGetValue((2 * number) + 2, out var right) || left <= at || right <= at)
            {
                throw new ModelException($"{place}: a child of node {number} does not follow it");
            }
            _nodes[at] = _nodes[at] with { Left = left, Right = right };
        }
    }

    private readonly record struct Node(int Left, int Right, int Plane, double Remaining);
}

/// <summary>The sum of a row's path lengths.</summary>
internal sealed class ObliqueForestKernel(MojoHeader header, ObliqueTree[] trees) : MarginKernel<double>(header.RowColumns.Length, 1)
{
    protected override void ScoreRows(ReadOnlySpan<double> rows, int rowLength, Span<double> margins, int count)
    {
        for (var r = 0; r < count; r++)
        {
            var sum = 0.0;
            foreach (var tree in trees) sum += tree.PathLength(rows.Slice(r * rowLength, header.Features));
            margins[r] = sum;
        }
    }
}

/// <summary>The anomaly score and the mean path length.</summary>
internal sealed class ExtendedIsolationForestPredictions(int trees, double normalization) : MojoPredictions(1, 2)
{
    public override void Apply(ReadOnlySpan<double> margins, Span<double> predictions)
    {
        predictions[1] = margins[0] / trees;
        predictions[0] = Math.Pow(2, -(predictions[1] / normalization));
    }
}
