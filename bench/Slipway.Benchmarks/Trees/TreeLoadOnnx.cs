using System.Buffers;
using System.Text;

namespace Slipway.Benchmarks.Trees;

/// <summary>A TreeEnsembleRegressor as converters write it: an attribute for every property of nodes, its values one by one with a tag each.</summary>
internal static class TreeLoadOnnx
{
    private const int BytesPerNode = 43;
    private const int FloatsField = 7, IntegersField = 8, TextsField = 9, TypeField = 20;
    private const int Integer = 2, Floats = 6, Integers = 7, Texts = 8;

    public static void Write(string path, long bytes)
    {
        var forest = new TreeLoadForest();
        var trees = (int)Math.Max(1, bytes / (BytesPerNode * forest.Nodes));
        string[] ofNodes = ["nodes_treeids", "nodes_nodeids", "nodes_featureids", "nodes_truenodeids", "nodes_falsenodeids", "nodes_missing_value_tracks_true"];
        string[] ofLeaves = ["target_treeids", "target_nodeids", "target_ids"];
        var integers = new Dictionary<string, Message>();
        foreach (var name in ofNodes.Concat(ofLeaves)) integers[name] = new Message().Text(1, name);
        var (values, hitRates, weights, modes) = (new Message().Text(1, "nodes_values"), new Message().Text(1, "nodes_hitrates"), new Message().Text(1, "target_weights"), new Message().Text(1, "nodes_modes"));
        for (var tree = 0; tree < trees; tree++)
        {
            forest.Grow();
            for (var node = 0; node < forest.Nodes; node++)
            {
                var (isSplit, leaf) = (node < forest.Splits, node - forest.Splits);
                Add(ofNodes, tree, node, isSplit ? forest.Feature[node] : 0, isSplit ? Node(forest, forest.Left[node]) : 0, isSplit ? Node(forest, forest.Right[node]) : 0, isSplit && forest.DefaultLeft[node] ? 1 : 0);
                values.Float(FloatsField, isSplit ? forest.Threshold(node) : 0);
                hitRates.Float(FloatsField, 1);
                modes.Text(TextsField, isSplit ? "BRANCH_LEQ" : "LEAF");
                if (isSplit) continue;
                Add(ofLeaves, tree, node, 0);
                weights.Float(FloatsField, (float)forest.LeafValues[leaf]);
            }
        }
        var ensemble = new Message().Text(1, "input").Text(2, "variable").Text(3, "TreeEnsembleRegressor").Text(4, "TreeEnsembleRegressor");
        ensemble.Add(5, new Message().Text(1, "n_targets").Varint(3, 1).Varint(TypeField, Integer));
        foreach (var attribute in integers.Values) ensemble.Add(5, attribute.Varint(TypeField, Integers));
        foreach (var attribute in new[] { values, hitRates, weights }) ensemble.Add(5, attribute.Varint(TypeField, Floats));
        ensemble.Add(5, modes.Varint(TypeField, Texts)).Text(7, "ai.onnx.ml");
        var graph = new Message().Add(1, ensemble).Text(2, "ensemble").Add(11, Value("input", TreeLoadForest.Features)).Add(12, Value("variable", 1));
        var model = new Message().Varint(1, 8).Text(2, "generated").Add(7, graph).Add(8, new Message().Text(1, "ai.onnx.ml").Varint(2, 3)).Add(8, new Message().Text(1, "").Varint(2, 17));
        using var file = File.Create(path);
        file.Write(model.Bytes);

        void Add(string[] names, params ReadOnlySpan<int> numbers)
        {
            for (var i = 0; i < names.Length; i++) integers[names[i]].Varint(IntegersField, numbers[i]);
        }
    }

    /// <summary>Splits first, then leaves.</summary>
    private static int Node(TreeLoadForest tree, int child) => child >= 0 ? child : tree.Splits + ~child;

    /// <summary>A matrix of float32 with any number of rows.</summary>
    private static Message Value(string name, int columns)
    {
        var shape = new Message().Add(1, new Message()).Add(1, new Message().Varint(1, columns));
        return new Message().Text(1, name).Add(2, new Message().Add(1, new Message().Varint(1, 1).Add(2, shape)));
    }

    /// <summary>A message of protocol buffers, field by field.</summary>
    private sealed class Message
    {
        private const int VarintWire = 0, LengthWire = 2, Fixed32Wire = 5;

        private readonly ArrayBufferWriter<byte> _bytes = new();

        public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

        public Message Varint(int field, int value)
        {
            Number((field << 3) | VarintWire);
            Number(value);
            return this;
        }

        public Message Float(int field, float value)
        {
            Number((field << 3) | Fixed32Wire);
            _bytes.Write(BitConverter.GetBytes(value));
            return this;
        }

        public Message Text(int field, string text) => Write(field, Encoding.UTF8.GetBytes(text));

        public Message Add(int field, Message message) => Write(field, message.Bytes);

        private Message Write(int field, ReadOnlySpan<byte> bytes)
        {
            Number((field << 3) | LengthWire);
            Number(bytes.Length);
            _bytes.Write(bytes);
            return this;
        }

        private void Number(int value)
        {
            var left = (uint)value;
            for (; left > 0x7F; left >>= 7) _bytes.Write([(byte)(left | 0x80)]);
            _bytes.Write([(byte)left]);
        }
    }
}
