using System.Runtime.InteropServices;
using System.Text;
using Slipway.Core;

namespace Slipway.Models.Formats.Treelite;

/// <summary>What is different in the checkpoints of Treelite 3.9: one target, and nodes and parameters as the structures that C++ held in memory.</summary>
internal static class TreeliteReaderV3
{
    private const uint DefaultLeftBit = 1u << 31;

    private enum Task : byte
    {
        BinaryOrRegression,
        GrovePerClass,
        DistributionLeaves,
        CategoryLeaves,
    }

    /// <summary>From the type of the task to the extensions.</summary>
    public static void ReadHeader(ref LittleEndianReader reader, TreeliteDocument document, int trees)
    {
        var task = (Task)reader.Byte("task_type");
        document.Averages = reader.Boolean("average_tree_output");
        if (reader.Byte("output_type") != 0) throw new ModelException("its trees answer integers, which Treelite 4 no longer knows either; numbers are expected");
        reader.Boolean("grove_per_class");
        reader.Take(2, "the parameters of the task");
        var (classes, vector) = (reader.Int32("num_class"), reader.Int32("leaf_vector_size"));
        document.Classes = [classes];
        document.LeafShape = [1, vector];
        document.Task = task == Task.BinaryOrRegression ? TreeliteTask.Regressor : TreeliteTask.MulticlassClassifier;
        document.TreeTargets = new int[trees];
        document.TreeClasses = new int[trees];
        switch (task)
        {
            case Task.BinaryOrRegression when classes == 1:
                break;
            case Task.GrovePerClass when classes > 0 && classes <= Math.Max(1, trees):
                for (var t = 0; t < trees; t++) document.TreeClasses[t] = t % classes;
                break;
            case Task.DistributionLeaves:
                Array.Fill(document.TreeClasses, -1);
                break;
            default:
                throw new ModelException($"task_type is {(byte)task} with {classes} classes and {trees} trees, which Treelite 4 no longer knows either");
        }
        ReadParameters(ref reader, document);
        Demand(reader.Int32("the number of optional fields"));
    }

    private static void ReadParameters(ref LittleEndianReader reader, TreeliteDocument document)
    {
        var name = reader.Take(TreeliteHeader.NameBytes, "pred_transform");
        document.Postprocessor = Encoding.ASCII.GetString(name[..name.IndexOf((byte)0)]);
        document.SigmoidAlpha = reader.Single("sigmoid_alpha");
        document.RatioC = reader.Single("ratio_c");
        document.BaseScores = [reader.Single("global_bias")];
    }

    public static TreeliteTree ReadTree(ref LittleEndianReader reader, bool isFloat32)
    {
        var count = reader.Int32("num_nodes");
        if (count <= 0) throw new ModelException($"byte {reader.Position}: num_nodes is {count}");
        reader.Boolean("has_categorical_split");
        var nodes = isFloat32 ? Nodes<SingleNode>(ref reader, count) : Nodes<DoubleNode>(ref reader, count);
        var vectors = TreeliteReader.Numbers(ref reader, isFloat32, "leaf_vector");
        var vectorBegins = TreeliteReader.Optional<ulong>(ref reader, count, "leaf_vector_begin");
        var vectorEnds = TreeliteReader.Optional<ulong>(ref reader, count, "leaf_vector_end");
        if (!vectorBegins.IsEmpty && !vectorEnds.IsEmpty) for (var n = 0; n < count; n++) (nodes[n].VectorBegin, nodes[n].VectorEnd) = (vectorBegins[n], vectorEnds[n]);
        var categories = reader.Array<uint>("matching_categories").ToArray();
        var offsets = reader.Array<ulong>("matching_categories_offset");
        if (offsets.Length != count + 1) throw new ModelException($"byte {reader.Position}: matching_categories_offset has {offsets.Length} entries for {count} nodes");
        for (var n = 0; n < count; n++) (nodes[n].CategoryBegin, nodes[n].CategoryEnd) = (offsets[n], offsets[n + 1]);
        Demand(reader.Int32("the number of optional fields"));
        Demand(reader.Int32("the number of optional fields"));
        return new TreeliteTree(nodes, vectors, categories);
    }

    private static void Demand(int optionalFields)
    {
        if (optionalFields != 0) throw new ModelException($"{optionalFields} optional fields, which Treelite 3 never writes");
    }

    private static TreeliteNode[] Nodes<T>(ref LittleEndianReader reader, int count) where T : unmanaged, INode
    {
        var records = TreeliteReader.Column<T>(ref reader, count, "nodes");
        var nodes = new TreeliteNode[count];
        for (var n = 0; n < count; n++)
        {
            ref readonly var record = ref records[n];
            var (links, tail) = (record.Links, record.Tail);
            nodes[n] = new TreeliteNode
            {
                Id = n,
                Kind = links.Left == -1 ? TreeliteNodeKind.Leaf : tail.SplitType == 2 ? TreeliteNodeKind.CategoricalTest : TreeliteNodeKind.NumericalTest,
                Operator = (TreeliteOperator)tail.Operator,
                DefaultLeft = (links.Feature & DefaultLeftBit) != 0,
                CategoriesGoRight = tail.CategoriesGoRight != 0,
                Left = links.Left,
                Right = links.Right,
                Feature = (int)(links.Feature & ~DefaultLeftBit),
                Value = record.Value,
                Cover = tail.HasHessians != 0 ? tail.Hessians : tail.HasRows != 0 ? tail.Rows : double.NaN,
                Gain = tail.HasGain != 0 ? tail.Gain : double.NaN,
            };
        }
        return nodes;
    }

    private interface INode
    {
        Links Links { get; }

        /// <summary>The value of a leaf, else the threshold.</summary>
        double Value { get; }

        Tail Tail { get; }
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private readonly record struct Links(int Left, int Right, uint Feature);

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private readonly record struct Tail(
        ulong Rows, double Hessians, double Gain, sbyte SplitType, byte Operator, byte HasRows, byte HasHessians, byte HasGain, byte CategoriesGoRight, ushort Padding);

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private readonly record struct SingleNode(Links Links, float Number, Tail Tail) : INode
    {
        public double Value => Number;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private readonly record struct DoubleNode(Links Links, uint Padding, double Value, Tail Tail) : INode;
}
