using System.Globalization;
using Slipway.Core;

namespace Slipway.Models.Formats.Treelite;

/// <summary>Reads a checkpoint, front to back.</summary>
internal static class TreeliteReader
{
    /// <summary>A tree of version 4 without nodes: 21 empty arrays and three counts. Version 3 has fewer arrays, and fewer bytes.</summary>
    private const int LeastTreeBytes = 50;

    /// <exception cref="ModelException">It is no such file, or is damaged; the message names the byte, and where it is in one, the tree.</exception>
    public static TreeliteDocument Read(ReadOnlySpan<byte> file)
    {
        if (!TreeliteHeader.Matches(file)) throw new ModelException("not a Treelite checkpoint of version 3 or 4");
        var reader = new LittleEndianReader(file);
        var (major, minor, patch) = (reader.Int32("the version"), reader.Int32("the version"), reader.Int32("the version"));
        var document = new TreeliteDocument { Version = string.Create(CultureInfo.InvariantCulture, $"{major}.{minor}.{patch}") };
        if (major == 3 && minor != 9) throw new ModelException($"a checkpoint of Treelite {document.Version}: 3.9 or 4 expected; load it there from the library it came from and save it with one of those");
        document.IsFloat32 = ReadTypes(ref reader);
        var trees = reader.Count("trees", LeastTreeBytes);
        document.Features = reader.Int32("num_feature");
        if (major == 3) TreeliteReaderV3.ReadHeader(ref reader, document, trees);
        else ReadHeader(ref reader, document);
        for (var t = 0; t < trees; t++)
        {
            try
            {
                document.Trees.Add(major == 3 ? TreeliteReaderV3.ReadTree(ref reader, document.IsFloat32) : ReadTree(ref reader, document.IsFloat32));
            }
            catch (ModelException e)
            {
                throw new ModelException($"tree {t}: {e.Message}", e);
            }
        }
        reader.End();
        return document;
    }

    private static bool ReadTypes(ref LittleEndianReader reader) => (reader.Byte("threshold_type"), reader.Byte("leaf_output_type")) switch
    {
        (TreeliteHeader.Float32, TreeliteHeader.Float32) => true,
        (TreeliteHeader.Float64, TreeliteHeader.Float64) => false,
        (_, TreeliteHeader.UInt32) => throw new ModelException("its leaves are integers, which Treelite 4 no longer knows either; numbers are expected"),
        _ => throw new ModelException("thresholds and leaves are of different types; both float32 or both float64 expected"),
    };

    private static void ReadHeader(ref LittleEndianReader reader, TreeliteDocument document)
    {
        document.Task = (TreeliteTask)reader.Byte("task_type");
        document.Averages = reader.Boolean("average_tree_output");
        reader.UInt32("num_target");
        document.Classes = reader.Array<int>("num_class").ToArray();
        document.LeafShape = reader.Array<int>("leaf_vector_shape").ToArray();
        document.TreeTargets = reader.Array<int>("target_id").ToArray();
        document.TreeClasses = reader.Array<int>("class_id").ToArray();
        document.Postprocessor = reader.Text("postprocessor");
        document.SigmoidAlpha = reader.Single("sigmoid_alpha");
        document.RatioC = reader.Single("ratio_c");
        document.BaseScores = reader.Array<double>("base_scores").ToArray();
        reader.Text("attributes");
        SkipExtensions(ref reader);
    }

    private static TreeliteTree ReadTree(ref LittleEndianReader reader, bool isFloat32)
    {
        var count = reader.Int32("num_nodes");
        if (count <= 0) throw new ModelException($"byte {reader.Position}: num_nodes is {count}");
        reader.Boolean("has_categorical_split");
        var kinds = Column<byte>(ref reader, count, "node_type");
        // The number of nodes is in the file that often now, so this much can be asked for.
        var nodes = new TreeliteNode[count];
        for (var n = 0; n < count; n++) nodes[n] = new TreeliteNode { Id = n, Kind = KindOf(kinds[n], n), Cover = double.NaN, Gain = double.NaN };
        var left = Column<int>(ref reader, count, "cleft");
        var right = Column<int>(ref reader, count, "cright");
        var features = Column<int>(ref reader, count, "split_index");
        var defaultLeft = Column<byte>(ref reader, count, "default_left");
        for (var n = 0; n < count; n++) (nodes[n].Left, nodes[n].Right, nodes[n].Feature, nodes[n].DefaultLeft) = (left[n], right[n], features[n], defaultLeft[n] != 0);
        ReadValues(ref reader, nodes, isFloat32);
        var operators = Column<byte>(ref reader, count, "cmp");
        var goRight = Column<byte>(ref reader, count, "category_list_right_child");
        for (var n = 0; n < count; n++) (nodes[n].Operator, nodes[n].CategoriesGoRight) = ((TreeliteOperator)operators[n], goRight[n] != 0);
        var vectors = Numbers(ref reader, isFloat32, "leaf_vector");
        var vectorBegins = Optional<ulong>(ref reader, count, "leaf_vector_begin");
        var vectorEnds = Optional<ulong>(ref reader, count, "leaf_vector_end");
        if (!vectorBegins.IsEmpty && !vectorEnds.IsEmpty) for (var n = 0; n < count; n++) (nodes[n].VectorBegin, nodes[n].VectorEnd) = (vectorBegins[n], vectorEnds[n]);
        var categories = reader.Array<uint>("category_list").ToArray();
        var categoryBegins = Optional<ulong>(ref reader, count, "category_list_begin");
        var categoryEnds = Optional<ulong>(ref reader, count, "category_list_end");
        if (!categoryBegins.IsEmpty && !categoryEnds.IsEmpty) for (var n = 0; n < count; n++) (nodes[n].CategoryBegin, nodes[n].CategoryEnd) = (categoryBegins[n], categoryEnds[n]);
        ReadStatistics(ref reader, nodes);
        SkipExtensions(ref reader);
        SkipExtensions(ref reader);
        return new TreeliteTree(nodes, vectors, categories);
    }

    private static TreeliteNodeKind KindOf(byte kind, int node) =>
        kind <= (byte)TreeliteNodeKind.CategoricalTest ? (TreeliteNodeKind)kind : throw new ModelException($"node {node}: node_type is {kind}, 0 to 2 expected");

    private static void ReadValues(ref LittleEndianReader reader, TreeliteNode[] nodes, bool isFloat32)
    {
        if (isFloat32)
        {
            var leaves = Column<float>(ref reader, nodes.Length, "leaf_value");
            var thresholds = Column<float>(ref reader, nodes.Length, "threshold");
            for (var n = 0; n < nodes.Length; n++) nodes[n].Value = nodes[n].Kind == TreeliteNodeKind.Leaf ? leaves[n] : thresholds[n];
        }
        else
        {
            var leaves = Column<double>(ref reader, nodes.Length, "leaf_value");
            var thresholds = Column<double>(ref reader, nodes.Length, "threshold");
            for (var n = 0; n < nodes.Length; n++) nodes[n].Value = nodes[n].Kind == TreeliteNodeKind.Leaf ? leaves[n] : thresholds[n];
        }
    }

    /// <summary>Rows and sums of hessians in each node, and gains of splits, each with flags that tell where it is known.</summary>
    private static void ReadStatistics(ref LittleEndianReader reader, TreeliteNode[] nodes)
    {
        var rows = Optional<ulong>(ref reader, nodes.Length, "data_count");
        var hasRows = Optional<byte>(ref reader, nodes.Length, "data_count_present");
        var hessians = Optional<double>(ref reader, nodes.Length, "sum_hess");
        var hasHessians = Optional<byte>(ref reader, nodes.Length, "sum_hess_present");
        var gains = Optional<double>(ref reader, nodes.Length, "gain");
        var hasGains = Optional<byte>(ref reader, nodes.Length, "gain_present");
        for (var n = 0; n < nodes.Length; n++)
        {
            if (!hessians.IsEmpty && !hasHessians.IsEmpty && hasHessians[n] != 0) nodes[n].Cover = hessians[n];
            else if (!rows.IsEmpty && !hasRows.IsEmpty && hasRows[n] != 0) nodes[n].Cover = rows[n];
            if (!gains.IsEmpty && !hasGains.IsEmpty && hasGains[n] != 0) nodes[n].Gain = gains[n];
        }
    }

    /// <summary>Fields that later versions may add: a name, the size of a value, values.</summary>
    private static void SkipExtensions(ref LittleEndianReader reader)
    {
        var fields = reader.Int32("the number of optional fields");
        for (var i = 0; i < fields; i++)
        {
            reader.Text("the name of an optional field");
            var size = reader.Int64("the size of an optional field");
            if (size is < 0 or > int.MaxValue) throw new ModelException($"byte {reader.Position}: an optional field has values of {size} bytes");
            var values = reader.Count("values of an optional field", (int)Math.Max(1, size));
            reader.Take(values * size, "an optional field");
        }
    }

    internal static double[] Numbers(ref LittleEndianReader reader, bool isFloat32, string name)
    {
        if (!isFloat32) return reader.Array<double>(name).ToArray();
        var singles = reader.Array<float>(name);
        var numbers = new double[singles.Length];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = singles[i];
        return numbers;
    }

    internal static ReadOnlySpan<T> Column<T>(ref LittleEndianReader reader, int nodes, string name) where T : unmanaged
    {
        var values = reader.Array<T>(name);
        return values.Length == nodes ? values : throw new ModelException($"byte {reader.Position}: {name} has {values.Length} entries for {nodes} nodes");
    }

    internal static ReadOnlySpan<T> Optional<T>(ref LittleEndianReader reader, int nodes, string name) where T : unmanaged
    {
        var values = reader.Array<T>(name);
        return values.IsEmpty || values.Length == nodes ? values : throw new ModelException($"byte {reader.Position}: {name} has {values.Length} entries for {nodes} nodes");
    }
}
