using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Slipway.Core;

namespace Slipway.Models.Formats.XGBoost;

/// <summary>Reads a binary model (XGBoost 0.4 to 2.1) into the document the other encodings make. Feature names are not in such files.</summary>
internal static class XGBoostBinaryReader
{
    private const int BoosterParameterBytes = 160;
    private const int LinearParameterBytes = 136;
    private const int TreeParameterBytes = 148;
    private const uint DefaultLeftBit = 1u << 31;

    /// <exception cref="ModelException">It is no such file, or is damaged; the message names the byte, and where it is in one, the tree.</exception>
    public static XGBoostDocument Read(ReadOnlySpan<byte> file)
    {
        var header = XGBoostBinaryHeader.Find(file)
            ?? throw new ModelException("not a binary XGBoost model: the names of an objective and a booster are expected after 136 bytes of parameters");
        if (header.BigEndian) throw new ModelException("a binary XGBoost model of a big-endian machine: save it as JSON or UBJSON there (Booster.save_model with a name that ends in .json or .ubj)");
        var document = new XGBoostDocument();
        var reader = new LittleEndianReader(file);
        reader.Take(header.Parameters, "the header");
        var (hasAttributes, hasMetrics) = ReadParameters(ref reader, document);
        reader.Take(header.Objective - reader.Position, "the header");
        document.Objective = reader.Text("the objective's name");
        document.Booster = reader.Text("the booster's name");
        var hasBuffer = false;
        if (document.Booster == "gblinear") ReadLinear(ref reader, document);
        else ReadTrees(ref reader, document, out hasBuffer);
        // 0.4 had no attributes, and used the same flag to say that its prediction buffer is in the file, which linear boosters do not have.
        var isEnded = document.BaseScoreIsMargin && (hasBuffer || reader.Left == 0);
        if (hasAttributes && !isEnded) ReadAttributes(ref reader, document);
        if (document.BaseScoreIsMargin) SkipConfiguration(ref reader, document, hasMetrics);
        reader.End();
        return document;
    }

    private static (bool HasAttributes, bool HasMetrics) ReadParameters(ref LittleEndianReader reader, XGBoostDocument document)
    {
        const string Parameters = "the parameters of the learner";
        var parameters = new LittleEndianReader(reader.Take(XGBoostBinaryHeader.ParameterBytes, Parameters));
        document.ModelParameters["base_score"] = parameters.Single(Parameters).ToString("R", CultureInfo.InvariantCulture);
        document.ModelParameters["num_feature"] = Text(parameters.UInt32(Parameters));
        document.ModelParameters["num_class"] = Text(parameters.UInt32(Parameters));
        var hasAttributes = parameters.Int32(Parameters) != 0;
        var hasMetrics = parameters.Int32(Parameters) != 0;
        var (major, minor) = (parameters.Int32(Parameters), parameters.Int32(Parameters));
        document.ModelParameters["num_target"] = Text(Math.Max(1, parameters.UInt32(Parameters)));
        if (major < 0 || minor < 0) throw new ModelException($"the version of XGBoost is {major}.{minor}");
        if (major > 0) document.Version = [major, minor];
        else document.BaseScoreIsMargin = true;
        return (hasAttributes, hasMetrics);

        static string Text(uint number) => number.ToString(CultureInfo.InvariantCulture);
    }

    private static void ReadLinear(ref LittleEndianReader reader, XGBoostDocument document)
    {
        reader.Take(LinearParameterBytes, "the parameters of the linear booster");
        document.LinearWeights = reader.Array<float>("weights").ToArray();
    }

    private static void ReadTrees(ref LittleEndianReader reader, XGBoostDocument document, out bool hasBuffer)
    {
        const string Parameters = "the parameters of the booster";
        var parameters = new LittleEndianReader(reader.Take(BoosterParameterBytes, Parameters));
        var trees = parameters.Int32(Parameters);
        // Number of roots before 1.4: one.
        document.TreeParameters["num_parallel_tree"] = parameters.Int32(Parameters).ToString(CultureInfo.InvariantCulture);
        parameters.Take(2 * sizeof(int), Parameters);
        var bufferedRows = parameters.Int64(Parameters);
        var (groups, leafVector) = (parameters.Int32(Parameters), parameters.Int32(Parameters));
        if (trees < 0 || trees > reader.Left / TreeParameterBytes) throw new ModelException($"byte {reader.Position}: {trees} trees announced, {reader.Left} bytes left");
        for (var t = 0; t < trees; t++)
        {
            try
            {
                document.Trees.Add(ReadTree(ref reader, document.BaseScoreIsMargin));
            }
            catch (ModelException e)
            {
                throw new ModelException($"tree {t}: {e.Message}", e);
            }
        }
        document.TreeOutputs = reader.Array<int>(trees, "the outputs of the trees (tree_info)").ToArray();
        hasBuffer = bufferedRows != 0;
        if (hasBuffer) SkipPredictionBuffer(ref reader, bufferedRows, groups, leafVector);
        if (document.Booster == "dart" && trees > 0) document.TreeWeights = reader.Array<float>("tree weights (weight_drop)").ToArray();
    }

    private static XGBoostTree ReadTree(ref LittleEndianReader reader, bool isBefore1)
    {
        const string Parameters = "the parameters of the tree";
        var parameters = new LittleEndianReader(reader.Take(TreeParameterBytes, Parameters));
        var (roots, nodes) = (parameters.Int32(Parameters), parameters.Int32(Parameters));
        parameters.Take(3 * sizeof(int), Parameters);
        var leafVector = parameters.Int32(Parameters);
        if (roots > 1) throw new ModelException($"byte {reader.Position}: the tree has {roots} roots, one expected");
        if (nodes <= 0) throw new ModelException($"byte {reader.Position}: the tree has {nodes} nodes");
        if (leafVector > 1 && !isBefore1) throw new ModelException($"byte {reader.Position}: leaves of {leafVector} values, which XGBoost keeps in JSON and UBJSON only");
        var records = reader.Array<Node>(nodes, "the nodes of the tree");
        var tree = new XGBoostTree
        {
            LeftChildren = new int[nodes],
            RightChildren = new int[nodes],
            SplitIndices = new int[nodes],
            SplitConditions = new float[nodes],
            DefaultLeft = new int[nodes],
            LossChanges = new float[nodes],
            SumHessians = new float[nodes],
        };
        var statistics = reader.Array<Statistics>(nodes, "the statistics of the tree");
        for (var n = 0; n < nodes; n++)
        {
            ref readonly var record = ref records[n];
            tree.LeftChildren[n] = record.Left;
            tree.RightChildren[n] = record.Right;
            tree.SplitIndices[n] = (int)(record.Feature & ~DefaultLeftBit);
            tree.DefaultLeft[n] = (record.Feature & DefaultLeftBit) != 0 ? 1 : 0;
            tree.SplitConditions[n] = record.Value;
            tree.LossChanges[n] = statistics[n].LossChange;
            tree.SumHessians[n] = statistics[n].SumHessian;
        }
        if (isBefore1 && leafVector != 0) reader.Array<float>("leaf vector values");
        return tree;
    }

    /// <summary>0.4 could keep the training rows' margins: a sum and a tree count for each value.</summary>
    private static void SkipPredictionBuffer(ref LittleEndianReader reader, long rows, int groups, int leafVector)
    {
        var values = (Int128)rows * groups * (leafVector + 1L);
        if (rows < 0 || groups < 0 || leafVector < 0 || values > int.MaxValue) throw new ModelException($"byte {reader.Position}: a prediction buffer of {rows} rows, {reader.Left} bytes left");
        reader.Take((long)values * (sizeof(float) + sizeof(int)), "the prediction buffer");
    }

    private static void ReadAttributes(ref LittleEndianReader reader, XGBoostDocument document)
    {
        var count = reader.Count("attributes", 2 * sizeof(long));
        for (var i = 0; i < count; i++)
        {
            var name = reader.Text("an attribute's name");
            document.Attributes[name] = reader.Text("an attribute");
        }
        // Since 1.0 the objective's parameters travel as an attribute, in JSON.
        if (!document.Attributes.Remove("objective", out var objective)) return;
        var json = new JsonDocumentReader(Encoding.UTF8.GetBytes(objective));
        try
        {
            XGBoostReader.ReadObjective(ref json, document);
        }
        catch (ModelException e)
        {
            throw new ModelException($"attribute 'objective': {e.Message}", e);
        }
    }

    /// <summary>Training parameters that stood at the end before 1.0: max_delta_step of count:poisson (0.4 to 0.8), names of metrics.</summary>
    private static void SkipConfiguration(ref LittleEndianReader reader, XGBoostDocument document, bool hasMetrics)
    {
        if (document.Objective == "count:poisson" && reader.Left > 0) reader.Text("max_delta_step");
        if (!hasMetrics) return;
        var metrics = reader.Count("metrics", sizeof(long));
        for (var i = 0; i < metrics; i++) reader.Text("a metric");
    }

    /// <summary>A node as it stands in the file.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private readonly struct Node
    {
        public readonly int Parent;
        public readonly int Left;
        public readonly int Right;

        /// <summary>The feature; the highest bit: missing values go left.</summary>
        public readonly uint Feature;

        /// <summary>The threshold, or the value of a leaf.</summary>
        public readonly float Value;
    }

    /// <summary>What training noted of a node.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private readonly struct Statistics
    {
        public readonly float LossChange;
        public readonly float SumHessian;
        public readonly float BaseWeight;
        public readonly int LeafChildren;
    }
}
