using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Slipway.Benchmarks.Trees;

/// <summary>A gradient boosting machine as H2O exports it: a zip with two entries for each tree, its packed nodes and their statistics.</summary>
internal static class TreeLoadH2O
{
    private const int StatisticsBytes = 40;
    private const byte LeftIsLeaf = 48;
    private const byte RightIsLeaf = 0xC0;
    private const byte SeenLeft = 2;
    private const byte SeenRight = 3;

    public static void Write(string path, long bytes)
    {
        var forest = new TreeLoadForest();
        using var file = File.Create(path);
        using var zip = new ZipArchive(file, ZipArchiveMode.Create);
        var trees = 0;
        for (; file.Position < bytes; trees++)
        {
            forest.Grow();
            var name = string.Create(CultureInfo.InvariantCulture, $"trees/t00_{trees:000}");
            var nodes = new byte[Size(forest, 0)];
            WriteNode(forest, 0, nodes);
            Entry(zip, name + ".bin", nodes);
            Entry(zip, name + "_aux.bin", Statistics(forest));
        }
        Entry(zip, "model.ini", Encoding.UTF8.GetBytes(Header(trees)));
    }

    private static string Header(int trees) => $"""
        [info]
        h2o_version = 3.46.0.8
        mojo_version = 1.40
        algo = gbm
        algorithm = Gradient Boosting Machine
        endianness = LITTLE_ENDIAN
        category = Regression
        supervised = true
        balance_classes = false
        default_threshold = 0.5
        escape_domain_values = true
        n_features = {TreeLoadForest.Features}
        n_classes = 1
        n_trees = {trees}
        n_trees_per_class = 1
        distribution = gaussian
        init_f = 0.25
        _genmodel_encoding = AUTO
        n_columns = {TreeLoadForest.Features + 1}
        n_domains = 0

        [columns]
        {string.Join('\n', Enumerable.Range(0, TreeLoadForest.Features).Select(TreeLoadForest.Name))}
        target

        [domains]

        """;

    private static void Entry(ZipArchive zip, string name, byte[] content)
    {
        using var entry = zip.CreateEntry(name, CompressionLevel.Optimal).Open();
        entry.Write(content);
    }

    private static int Size(TreeLoadForest tree, int node) => node < 0 ? 4 : 8 + SizeBytes(tree, tree.Left[node]) + Size(tree, tree.Left[node]) + Size(tree, tree.Right[node]);

    private static int SizeBytes(TreeLoadForest tree, int node) => node < 0 ? 0 : Size(tree, node) switch { < 256 => 1, < 65536 => 2, _ => 3 };

    /// <returns>What is left after the node.</returns>
    private static Span<byte> WriteNode(TreeLoadForest tree, int node, Span<byte> bytes)
    {
        if (node < 0)
        {
            BitConverter.TryWriteBytes(bytes, (float)tree.LeafValues[~node]);
            return bytes[4..];
        }
        var (left, right) = (tree.Left[node], tree.Right[node]);
        var sizeBytes = SizeBytes(tree, left);
        bytes[0] = (byte)((left < 0 ? LeftIsLeaf : sizeBytes - 1) | (right < 0 ? RightIsLeaf : 0));
        BitConverter.TryWriteBytes(bytes[1..], (ushort)tree.Feature[node]);
        bytes[3] = tree.DefaultLeft[node] ? SeenLeft : SeenRight;
        BitConverter.TryWriteBytes(bytes[4..], tree.Threshold(node));
        if (sizeBytes > 0) BitConverter.GetBytes(Size(tree, left)).AsSpan(0, sizeBytes).CopyTo(bytes[8..]);
        return WriteNode(tree, right, WriteNode(tree, left, bytes[(8 + sizeBytes)..]));
    }

    /// <summary>In preorder; nodes are numbered splits first, as nothing depends on their order.</summary>
    private static byte[] Statistics(TreeLoadForest tree)
    {
        var bytes = new byte[StatisticsBytes * tree.Splits];
        var at = 0;
        var open = new Stack<int>([0]);
        while (open.TryPop(out var split))
        {
            var record = bytes.AsSpan(at, StatisticsBytes);
            at += StatisticsBytes;
            BitConverter.TryWriteBytes(record, split);
            foreach (var (child, side) in new[] { (tree.Left[split], 0), (tree.Right[split], 1) })
            {
                BitConverter.TryWriteBytes(record[(8 + (4 * side))..], (float)(child < 0 ? tree.LeafCounts[~child] : tree.SplitCounts[child]));
                BitConverter.TryWriteBytes(record[(16 + (4 * side))..], (float)tree.NextValue());
                BitConverter.TryWriteBytes(record[(24 + (4 * side))..], (float)Math.Abs(tree.NextValue()));
                BitConverter.TryWriteBytes(record[(32 + (4 * side))..], child < 0 ? tree.Splits + ~child : child);
            }
            if (tree.Right[split] >= 0) open.Push(tree.Right[split]);
            if (tree.Left[split] >= 0) open.Push(tree.Left[split]);
        }
        return bytes;
    }
}
